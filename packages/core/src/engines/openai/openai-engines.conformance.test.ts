import { describeChatEngine } from '../chat-engine.conformance.ts';
import { describeEmbeddingEngine } from '../embedding-engine.conformance.ts';
import { providerOverFake } from './__fixtures__/provider-over-fake.ts';

describeChatEngine('the openai engine over a fake upstream', async () => {
  const over = await providerOverFake();
  return {
    engine: over.provider.chat,
    offer: over.call('llama3.1:8b').offer,
    story: [{ role: 'user', content: 'Write a story of 200 words.' }],
    weatherQuestion: [{ role: 'user', content: 'What is the weather in Paris?' }],
    close: async () => over[Symbol.asyncDispose](),
  };
});

describeEmbeddingEngine('the openai engine over a fake upstream', async () => {
  const over = await providerOverFake();
  const { offer } = over.call('nomic-embed-text');
  return { engine: over.provider.embeddings, offer, close: async () => over[Symbol.asyncDispose]() };
});
