// The official OpenAI SDK, pointed at Anura: one base URL and one key, nothing else changes.
import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: `${process.env['ANURA_URL'] ?? 'http://127.0.0.1:8484'}/v1`,
  apiKey: process.env['ANURA_API_KEY'] ?? '',
});

const stream = await client.chat.completions.create({
  model: process.env['ANURA_MODEL'] ?? 'tadpole',
  messages: [{ role: 'user', content: 'Write a haiku about rain' }],
  temperature: 0,
  stream: true,
});

let poem = '';
let finishReason: string | null = null;
for await (const chunk of stream) {
  const [choice] = chunk.choices;
  const piece = choice?.delta.content ?? '';
  process.stdout.write(piece);
  poem += piece;
  finishReason = choice?.finish_reason ?? finishReason;
}
process.stdout.write('\n');

if (finishReason !== 'stop') throw new Error(`The answer ended with finish_reason ${finishReason}.`);
const lines = poem.trim().split('\n').length;
if (lines !== 3) throw new Error(`A haiku has 3 lines, this has ${lines}.`);
