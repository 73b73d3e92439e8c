// The typed client: streaming chat as an async iterable, and errors that say what to do.
import { AnuraError, createAnura } from '@anura/client';

const anura = createAnura({
  baseUrl: process.env['ANURA_URL'] ?? 'http://127.0.0.1:8484',
  apiKey: process.env['ANURA_API_KEY'] ?? '',
});

const models = await anura.listModels();
console.log(`models: ${models.map(({ id }) => id).join(', ')}`);
const model = process.env['ANURA_MODEL'] ?? 'tadpole';

const messages = [{ role: 'user' as const, content: 'What is the capital of France?' }];
let answer = '';
for await (const chunk of anura.streamChatCompletion({ model, messages, temperature: 0 }))
  answer += chunk.choices[0]?.delta.content ?? '';
console.log(`${model} says: ${answer}`);
if (!answer.includes('Paris')) throw new Error(`Expected an answer about Paris, got: ${answer}`);

try {
  await anura.createChatCompletion({ model: 'no-such-model', messages });
  throw new Error('A model that is not there should be refused.');
} catch (error) {
  if (!AnuraError.is(error)) throw error;
  console.log(`${error.code}: ${error.message}`);
  if (error.code !== 'model_not_found' || error.param !== 'model') throw error;
}
