// A tool call and back: the model asks for a function, the program runs it, the model answers with what came out.
import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: `${process.env['ANURA_URL'] ?? 'http://127.0.0.1:8484'}/v1`,
  apiKey: process.env['ANURA_API_KEY'] ?? '',
});
const model = process.env['ANURA_MODEL'] ?? 'tadpole';

const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'Get the weather in a place now',
      parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
    },
  },
];

/** Where a real program would ask a weather service. */
function getWeather({ location }: { location: string }): { location: string; temperature: number; condition: string } {
  return { location, temperature: 21, condition: 'sunny' };
}

const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'What is the weather in Lisbon?' }];
const calls: string[] = [];
for (let turn = 0; turn < 3; turn++) {
  const { choices } = await client.chat.completions.create({ model, messages, tools, temperature: 0 });
  const message = choices[0]?.message;
  if (!message) throw new Error('The answer has no choice.');
  messages.push(message);
  if (!message.tool_calls) break;
  for (const call of message.tool_calls) {
    if (call.type !== 'function') continue;
    console.log(`the model calls ${call.function.name}(${call.function.arguments})`);
    calls.push(call.function.name);
    messages.push({
      role: 'tool',
      tool_call_id: call.id,
      content: JSON.stringify(getWeather(JSON.parse(call.function.arguments))),
    });
  }
}

const answer = messages.at(-1)?.content;
console.log(`the model says: ${answer}`);
if (!calls.includes('get_weather')) throw new Error('The model did not ask for the weather.');
if (typeof answer !== 'string' || !answer.includes('21')) throw new Error('The answer does not use the result.');
