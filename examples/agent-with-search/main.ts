// An agent that searches: the model asks for a search, the program asks the server, the model answers with what was found.
import { type ChatMessage, createAnura, type Tool, type ToolChoice, type WebSearchResult } from '@anura/client';

const anura = createAnura({
  baseUrl: process.env['ANURA_URL'] ?? 'http://127.0.0.1:8484',
  apiKey: process.env['ANURA_API_KEY'] ?? '',
});
const model = process.env['ANURA_MODEL'] ?? 'tadpole';
const question = process.argv[2] ?? 'Search the web for frogs.';

const tools: Tool[] = [
  {
    type: 'function',
    function: {
      name: 'web_search',
      description: 'Search the web',
      parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
    },
  },
];

const messages: ChatMessage[] = [{ role: 'user', content: question }];
const found: WebSearchResult[] = [];
/** The first turn must search and the last one must answer; between them the model decides. */
const turns: ToolChoice[] = [{ type: 'function', function: { name: 'web_search' } }, 'auto', 'auto', 'none'];
for (const tool_choice of turns) {
  const { choices } = await anura.chat.create({ model, messages, tools, tool_choice, temperature: 0 });
  const message = choices[0]?.message;
  if (!message) throw new Error('The answer has no choice.');
  messages.push(message);
  if (!message.tool_calls) break;
  for (const call of message.tool_calls) {
    const { query } = JSON.parse(call.function.arguments) as { query: string };
    console.log(`the model searches for "${query.trim()}"`);
    const { results } = await anura.search({ query, number_of_results: 3 });
    found.push(...results);
    messages.push({ role: 'tool', tool_call_id: call.id, content: JSON.stringify({ results: readable(results) }) });
  }
}

const answer = messages.at(-1)?.content;
console.log(`the model says: ${answer}`);
const sources = new Map(found.map(({ url, title }) => [url, title]));
for (const [url, title] of sources) console.log(`  ${title}: ${url}`);

if (messages.every(({ tool_calls }) => !tool_calls)) throw new Error('The model did not ask for a search.');
if (found.length === 0) throw new Error('The search found nothing.');
for (const result of found)
  if (!result.title || !result.url || !result.description)
    throw new Error(`A result lacks its title, url or description: ${JSON.stringify(result)}`);
if (messages.at(-1)?.role !== 'assistant' || typeof answer !== 'string' || answer.trim() === '')
  throw new Error('No answer followed the search.');

/** What the model gets to read: all of it, except that tadpole, which is tiny, loses its way in more than titles. */
function readable(results: readonly WebSearchResult[]): readonly unknown[] {
  return model === 'tadpole' ? results.map(({ title }) => title) : results;
}
