// CommonJS: the client by require().
const { AnuraError, createAnura } = require('@anura/client');

async function main() {
  const { chatOnce } = await import('./chat-once.mjs');
  const { ANURA_URL: baseUrl, ANURA_API_KEY: apiKey } = process.env;
  const said = await chatOnce(createAnura, { baseUrl, apiKey });
  const anura = createAnura({ baseUrl, apiKey });
  const messages = [{ role: 'user', content: 'Hello' }];
  const error = await anura.chat.create({ model: 'no-such-model', messages }).catch((thrown) => thrown);
  if (!AnuraError.is(error) || error.code !== 'model_not_found') throw new Error(`Expected a refusal, got ${error}`);
  console.log(said);
}

void main();
