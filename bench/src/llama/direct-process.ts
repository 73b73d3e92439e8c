import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { getLlama, type LlamaContextSequence, LlamaLogLevel, type LlamaModel } from 'node-llama-cpp';
import type { ChatsOrder, ChatsResult } from './chats.ts';

/*
 * A process of its own: the bundled model in node-llama-cpp with nothing around it, with the settings the server chooses for
 * it: as many contexts of one thread as processors, four at most, eight sequences in all, batches of 512.
 */
const lanes = Math.min(availableParallelism(), 4);
const llama = await getLlama({
  gpu: false,
  build: 'never',
  skipDownload: true,
  maxThreads: lanes,
  logLevel: LlamaLogLevel.error,
});
const model = await llama.loadModel({ modelPath: fileURLToPath(import.meta.resolve('@anura/tadpole/tadpole.gguf')) });
const sequences = await openSequences(model);

process.on('message', (order: ChatsOrder) => {
  void run(order).then((result) => process.send?.(result));
});
process.send?.('ready');

/** Eight, taken from the contexts in turns. */
async function openSequences(model: LlamaModel): Promise<LlamaContextSequence[]> {
  const each = Math.ceil(8 / lanes);
  const options = { sequences: each, contextSize: 1024, threads: 1, batchSize: 512 };
  const contexts = await Promise.all(Array.from({ length: lanes }, () => model.createContext(options)));
  return Array.from({ length: each }).flatMap(() => contexts.map((context) => context.getSequence()));
}

async function run({ prompts, maxTokens }: ChatsOrder): Promise<ChatsResult> {
  const startedAt = performance.now();
  const answers = await Promise.all(prompts.map((prompt, chat) => answer(prompt, maxTokens, sequences[chat])));
  const tokens = answers.reduce((sum, count) => sum + count, 0);
  return { tokens, elapsedMs: performance.now() - startedAt, failed: 0 };
}

async function answer(prompt: string, maxTokens: number, sequence: LlamaContextSequence | undefined): Promise<number> {
  if (!sequence) throw new Error('There are eight sequences; ask for no more chats at the same time.');
  await sequence.clearHistory();
  const text = `<|im_start|>user\n${prompt}<|im_end|>\n<|im_start|>assistant\n`;
  let tokens = 0;
  for await (const token of sequence.evaluate(model.tokenize(text, true), { temperature: 0 })) {
    model.detokenize([token]);
    if (++tokens >= maxTokens) break;
  }
  return tokens;
}
