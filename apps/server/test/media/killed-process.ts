import { runServer } from '../running-server.ts';
import { scriptedMediaProvider } from './scripted-media-provider.ts';

/** A server in a process of its own, to be killed. Its pictures take a moment; each drawing is written down in a file. */
const [dataDir = '', journal = ''] = process.argv.slice(2);
const server = await runServer({ dataDir, providers: [scriptedMediaProvider(journal)] });
console.log(server.base);
