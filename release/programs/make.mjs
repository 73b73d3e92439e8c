// What an installed server can do beside talking: a picture, a spoken sentence, a search.
import { createAnura } from '@anura/client';

const { ANURA_URL: baseUrl, ANURA_API_KEY: apiKey } = process.env;
const anura = createAnura({ baseUrl, apiKey });

const startsWith = ({ bytes }, signature) => signature.every((byte, at) => bytes[at] === byte);
const picture = await anura.image({ model: 'tadpole-image', prompt: 'a frog on a lilypad' });
if (picture.contentType !== 'image/png' || !startsWith(picture, [0x89, 0x50, 0x4e, 0x47]))
  throw new Error(`The picture is no PNG but ${picture.contentType}.`);

const speech = await anura.speech({ model: 'flite', input: 'The frogs are awake.', voice: 'fenrir' });
if (!startsWith(speech, [0x52, 0x49, 0x46, 0x46]) || speech.bytes.length < 20_000)
  throw new Error(`The recording is no WAV of a sentence but ${speech.bytes.length} bytes of ${speech.contentType}.`);

const { results } = await anura.search({ query: 'how do I add a provider', number_of_results: 3 });
if (results.length === 0) throw new Error('The search found nothing: is the documentation in the package?');

console.log(
  `a PNG of ${picture.bytes.length} bytes, a WAV of ${speech.bytes.length}, ${results.length} pages, first ${results[0].url}`,
);
