// Draws docs/assets/session.svg: starts a server as `npm start` does, runs a few commands against it, and shows what they
// printed. Port, key and data folder are the ones a reader would see; everything else is as it came. Build first.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repository } from './repository.ts';
import { documentedUrl } from './run/example-server.ts';
import { runCommand } from './run/run-command.ts';
import { drawTerminal, type Scene } from './session/terminal-picture.ts';

const anura = fileURLToPath(import.meta.resolve('@anura/cli/dist/main.js'));
const commands = [
  ['chat', '-t', '0', 'Write a haiku about rain'],
  ['models'],
  ['video', 'two frogs on a lilypad', '-o', 'frogs.webp'],
  ['explain', 'tadpole', '--vision'],
];

const folder = mkdtempSync(join(tmpdir(), 'anura-session-'));
const env = { PATH: process.env['PATH'] ?? '', HOME: folder, ANURA_HOME: join(folder, 'data'), NO_COLOR: '1' };
const server = spawn('node', [anura, 'serve', '--port', '0', '--no-discover-ollama', '--log-level', 'silent'], {
  cwd: folder,
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const banner = await readBanner();
  const url = /http:\S+:\d+/.exec(banner)?.[0] ?? '';
  const key = /anr_[0-9a-f]{64}/.exec(banner)?.[0] ?? '';
  const asSeen = (text: string) =>
    text
      .replaceAll(url, documentedUrl)
      .replaceAll(key, `${key.slice(0, 8)}…`)
      .replaceAll(join(folder, 'data'), 'anura/data');
  const scenes: Scene[] = [{ command: 'npm start', output: asSeen(banner) }];
  for (const words of commands) {
    const options = { cwd: folder, env: { ...env, ANURA_URL: url, ANURA_API_KEY: key } };
    const { output } = await runCommand('node', [anura, ...words], options);
    const shown = words.map((word) => (word.includes(' ') ? `"${word}"` : word));
    scenes.push({ command: ['anura', ...shown].join(' '), output: asSeen(output) });
  }
  writeFileSync(join(repository, 'docs/assets/session.svg'), drawTerminal(scenes));
} finally {
  const ended = once(server, 'exit');
  server.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

async function readBanner(): Promise<string> {
  let text = '';
  for await (const piece of server.stdout.iterator({ destroyOnReturn: false })) {
    text += piece;
    if (/-d '.*'\n/.test(text)) return text;
  }
  throw new Error('The server ended before it was ready.');
}
