import { setTimeout } from 'node:timers/promises';
import { runServer } from './running-server.ts';
import { finish, piece, scriptedProvider } from './scripted-provider.ts';

/** A server in a process of its own, whose model takes half a second; SIGTERM closes it and nothing else ends it. */
const model = scriptedProvider('m', async function* () {
  for (let word = 0; word < 10; word++) {
    yield piece(`word ${word} `);
    await setTimeout(50);
  }
  yield finish;
});

const server = await runServer({ providers: [model] });
process.once('SIGTERM', () => void server.close());
console.log(server.base);
