import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFakeUpstream } from '@anura/fake-upstream';
import { loadConfig, startServer } from '@anura/server';

/** What the documentation calls the server; the examples use the address of the running one instead. */
export const documentedUrl = 'http://127.0.0.1:8484';

export interface ExampleServer extends AsyncDisposable {
  readonly url: string;
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
  const server = await startServer(
    loadConfig({
      flags: { port: 0, data_dir: join(folder, 'data'), discover_ollama: false, 'log.level': 'silent' },
      env: { ANURA_API_KEY: key },
      cwd: folder,
      home: folder,
    }),
  );
  return {
    url: server.url,
    folder,
    env: readerEnvironment(folder, server.url, key),
    async [Symbol.asyncDispose]() {
      await server.close();
      await Promise.all([attic, cellar].map((upstream) => upstream.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configFile(boxes: Readonly<Record<string, string>>): string {
  const providers = Object.entries(boxes).map(([name, url]) => `  - { name: ${name}, url: "${url}" }`);
  return ['aliases: { gpt-4o-mini: "llama3.1:8b" }', 'providers:', ...providers, ''].join('\n');
}

function readerEnvironment(folder: string, url: string, key: string): Record<string, string> {
  const anura = join(folder, 'anura');
  const main = fileURLToPath(import.meta.resolve('@anura/cli/dist/main.js'));
  writeFileSync(anura, `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  chmodSync(anura, 0o755);
  return {
    PATH: [folder, dirname(process.execPath), process.env['PATH']].join(delimiter),
    HOME: folder,
    NO_COLOR: '1',
    ANURA_URL: url,
    ANURA_API_KEY: key,
  };
}
