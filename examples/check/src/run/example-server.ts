import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { startFakeUpstream } from '@anura/fake-upstream';
import { createLogger, loadConfig, startServer } from '@anura/server';

/** What the documentation calls the server; the examples use the address of the running one instead. */
export const documentedUrl = 'http://127.0.0.1:8484';
/** The same for a fake upstream. */
const documentedUpstream = 'http://127.0.0.1:8089';

export interface ExampleServer extends AsyncDisposable {
  readonly url: string;
  /** A text of the documentation with the addresses of what runs here. */
  served(text: string): string;
  /** The lines of its log so far. */
  readonly log: readonly string[];
  /** An empty folder of its own. */
  readonly folder: string;
  /** The environment of a reader: `anura` on the path, the address and a key in the variables. */
  readonly env: Readonly<Record<string, string>>;
}

/** A server with the bundled model and two boxes, `attic` and `cellar`, that both have Ollama's usual models. */
export async function startExampleServer(): Promise<ExampleServer> {
  const folder = mkdtempSync(join(tmpdir(), 'anura-examples-'));
  const attic = await startFakeUpstream();
  const cellar = await startFakeUpstream();
  const key = `anr_${'5'.repeat(64)}`;
  writeFileSync(join(folder, 'anura.config.yaml'), configFile({ attic: attic.url, cellar: cellar.url }));
  const log: string[] = [];
  const server = await startServer(
    loadConfig({
      flags: { port: 0, data_dir: join(folder, 'data'), discover_ollama: false },
      env: { ANURA_API_KEY: key },
      cwd: folder,
      home: folder,
    }),
    { log: createLogger({ level: 'info', format: 'json', destination: linesInto(log) }) },
  );
  return {
    url: server.url,
    served: (text) => text.replaceAll(documentedUrl, server.url).replaceAll(documentedUpstream, attic.url),
    log,
    folder,
    env: readerEnvironment(folder, server.url, key),
    async [Symbol.asyncDispose]() {
      await server.close();
      await Promise.all([attic, cellar].map((upstream) => upstream.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function linesInto(lines: string[]): Writable {
  return new Writable({
    write(line, _encoding, done) {
      lines.push(String(line));
      done();
    },
  });
}

function configFile(boxes: Readonly<Record<string, string>>): string {
  const providers = Object.entries(boxes).map(([name, url]) => `  - { name: ${name}, url: "${url}" }`);
  const aliases = 'aliases: { gpt-4o-mini: "llama3.1:8b" }';
  const jobs = 'jobs: { webhooks_to_private_networks: true }'; // receivers of messages run here as well
  return [aliases, jobs, 'providers:', ...providers, ''].join('\n');
}

function readerEnvironment(folder: string, url: string, key: string): Record<string, string> {
  const [programs, guards] = [join(folder, 'programs'), join(folder, 'guards')];
  for (const place of [programs, guards]) mkdirSync(place);
  const anura = fileURLToPath(import.meta.resolve('@anura/cli/dist/main.js'));
  writeCommand(join(programs, 'anura'), `"${anura}"`);
  writeCommand(join(programs, 'fake-upstream'), `"${anura}" fake-upstream`);
  for (const program of ['npm', 'npx', 'pnpm', 'docker', 'systemctl', 'apt-get', 'sudo'])
    writeCommand(join(guards, program), `-e '${refusal}' --`);
  return {
    PATH: [programs, guards, dirname(process.execPath), process.env['PATH']].join(delimiter),
    HOME: folder,
    NO_COLOR: '1',
    ANURA_URL: url,
    ANURA_API_KEY: key,
  };
}

const refusal = 'throw new Error("This changes a machine: mark the block as not run.")';

function writeCommand(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" ${script} "$@"\n`);
  chmodSync(file, 0o755);
}
