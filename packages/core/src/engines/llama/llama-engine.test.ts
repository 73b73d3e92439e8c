import { describeChatEngine } from '../chat-engine.conformance.ts';
import { describeEmbeddingEngine } from '../embedding-engine.conformance.ts';
import { offerOf, startTadpole, user } from './__fixtures__/tadpole.ts';

describeChatEngine('llama', async () => {
  const provider = await startTadpole();
  return {
    engine: provider.chat,
    offer: offerOf(provider, 'tadpole'),
    story: [user('Tell me a story about a brave mouse.')],
    weatherQuestion: [user('What is the weather in Paris?')],
    close: () => provider.close(),
  };
});

describeEmbeddingEngine('llama', async () => {
  const provider = await startTadpole();
  return { engine: provider.embeddings, offer: offerOf(provider, 'tadpole-embed'), close: () => provider.close() };
});
