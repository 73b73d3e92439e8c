// Search by meaning: texts become vectors, and the nearest vector is the best answer.
import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: `${process.env['ANURA_URL'] ?? 'http://127.0.0.1:8484'}/v1`,
  apiKey: process.env['ANURA_API_KEY'] ?? '',
});
const model = process.env['ANURA_MODEL'] ?? 'tadpole-embed';

const sentences = [
  'A frog is a small animal that lives in water and on land.',
  'Paris is the capital of France.',
  'A piano is a musical instrument with many keys.',
  'Bread is made of flour and water.',
  'Copper is a metal that conducts electricity well.',
];
const question = 'Which animal lives in a pond?';

const { data } = await client.embeddings.create({ model, input: [question, ...sentences] });
const [asked, ...known] = data.map(({ embedding }) => embedding);

const ranked = sentences
  .map((sentence, at) => ({ sentence, similarity: cosine(asked ?? [], known[at] ?? []) }))
  .sort((one, other) => other.similarity - one.similarity);
for (const { sentence, similarity } of ranked) console.log(`${similarity.toFixed(3)}  ${sentence}`);

if (ranked[0]?.sentence !== sentences[0]) throw new Error(`The nearest should be: ${sentences[0]}`);

function cosine(one: readonly number[], other: readonly number[]): number {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
}
