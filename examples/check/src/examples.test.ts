import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksChecked } from './blocks/documented-blocks.ts';
import { repository } from './repository.ts';
import { type ExampleServer, startExampleServer } from './run/example-server.ts';
import { runCommand } from './run/run-command.ts';
import { whyNotHere } from './run/run-snippet.ts';

/** What each example prints besides checking itself. */
const examples = {
  'openai-sdk-chat': /rain/,
  'tools-loop': /calls get_weather\(.*Lisbon.*\)\nthe model says: .*21/,
  'embeddings-search': /^0\.\d{3} {2}A frog/,
  'typed-client': /says: .*Paris.*\nmodel_not_found: No provider offers/,
  'agent-with-search': /searches for ".*frogs"\n[\s\S]*the model says: [\s\S]+\n {2}\S.*: local:\/\/anura\/\S+\.md\n/,
  'video-job': /^job Qm\w+\n[\s\S]*saved .*frogs\.webp: 8 frames of \d+×\d+ in [\d.]+ s/,
  'react-chat': /^the page says: .*Paris.*\nthe button stops an answer\nto a stranger: The key is not known here\./,
  boxes: /^local can run tadpole: .*\n12 requests at once: \d+ answered, \d+ told to come back\nlocal ran \d+ of/,
  python: /^.*Paris.*\nsaved .*frog\.png: \d+ bytes, job Qm\w+\n404 model_not_found: No provider offers/,
  'speech-to-file': /(saved .*\.wav: [\d.]+ s at 24000 Hz\n){4}/,
};

describe('examples', () => {
  let server: ExampleServer;
  beforeAll(async () => {
    server = await startExampleServer();
    symlinkSync(join(repository, 'examples'), join(server.folder, 'examples')); // what they save stays out of the clone
  }, 60_000);
  afterAll(() => server[Symbol.asyncDispose]());

  it.for(Object.entries(examples))(
    '%s runs and finds its result right',
    { timeout: 60_000 },
    async ([name, expected], { skip }) => {
      const missing = whyNotHere(name);
      if (missing) skip(missing);
      const env = { ...server.env, TMPDIR: server.folder }; // what an example saves goes when the server goes
      const script = commandsOf(name).replaceAll('anr_…', server.env['ANURA_API_KEY'] ?? '');
      const { code, output } = await runCommand('bash', ['-euo', 'pipefail', '-c', script], {
        cwd: server.folder,
        env,
      });
      expect(output).toMatch(expected);
      expect(code).toBe(0);
    },
  );

  it('are all here', () => {
    const folders = readdirSync(join(repository, 'examples'), { withFileTypes: true });
    const names = folders.filter((entry) => entry.isDirectory() && entry.name !== 'check').map(({ name }) => name);
    expect(names.sort()).toEqual(Object.keys(examples).sort());
  });
});

/** What the page of an example tells a reader to type, in the root of the repository. */
function commandsOf(name: string): string {
  const blocks = blocksChecked().filter(({ block, check }) => {
    return block.page === `examples/${name}/README.md` && block.language === 'sh' && check.kind === 'run';
  });
  return blocks.map(({ block }) => block.text).join('');
}
