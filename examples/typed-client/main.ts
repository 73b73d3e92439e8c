// The typed client: streaming chat as an async iterable, and errors that say what to do.
import { AnuraError, createAnura } from '@anura/client';

const anura = createAnura({
  baseUrl: process.env['ANURA_URL'] ?? 'http://127.0.0.1:8484',
  apiKey: process.env['ANURA_API_KEY'] ?? '',
});

const models = await anura.models.list();
console.log(`models: ${models.map(({ id }) => id).join(', ')}`);
const model = process.env['ANURA_MODEL'] ?? 'tadpole';

const messages = [{ role: 'user' as const, content: 'What is the capital of France?' }];
const stream = anura.chat.stream({ model, messages, temperature: 0 });
process.stdout.write(`${model} says: `);
for await (const text of stream.textDeltas()) process.stdout.write(text);
console.log();
if (!stream.message.content.includes('Paris'))
  throw new Error(`Expected an answer about Paris, got: ${stream.message.content}`);

try {
  await anura.chat.create({ model: 'no-such-model', messages });
  throw new Error('A model that is not there should be refused.');
} catch (error) {
  if (!AnuraError.is(error)) throw error;
  console.log(`${error.code}: ${error.message}`);
  if (error.code !== 'model_not_found' || error.param !== 'model') throw error;
}
