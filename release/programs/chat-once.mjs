/** One streamed chat with the bundled model, checked; resolves to what was said. Runs wherever JavaScript runs. */
export async function chatOnce(createAnura, { baseUrl, apiKey }) {
  const stream = createAnura({ baseUrl, apiKey }).chat.stream({
    model: 'tadpole',
    messages: [{ role: 'user', content: 'What is the capital of France?' }],
    temperature: 0,
  });
  const pieces = [];
  for await (const text of stream.textDeltas()) pieces.push(text);
  const { choices } = await stream.answer();
  const said = pieces.join('');
  if (pieces.length < 2) throw new Error(`The answer came in ${pieces.length} pieces, not as a stream.`);
  if (!said.includes('Paris')) throw new Error(`The answer is not about Paris: ${said}`);
  if (choices[0].message.content !== said) throw new Error('The pieces are not the whole answer.');
  if (choices[0].finish_reason !== 'stop') throw new Error(`It ended with ${choices[0].finish_reason}.`);
  return said;
}
