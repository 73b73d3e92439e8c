import { chatInBrowser } from './projects/chat-in-browser.ts';
import type { InstalledServer } from './projects/installed-server.ts';
import { findOldestNode } from './projects/other-node.ts';
import { binaryOf, pinnedRuntimes } from './projects/other-runtimes.ts';
import type { Projects } from './projects/project.ts';
import type { Stranger } from './projects/stranger.ts';
import { refuses, resolutions, typeCheck, typescript } from './projects/type-check.ts';
import type { Steps } from './steps.ts';

export interface ClientUse {
  readonly steps: Steps;
  readonly projects: Projects;
  readonly stranger: Stranger;
  readonly server: InstalledServer;
}

const client = ['@anura/client'];

/** A streamed chat with the installed client, in every way it is imported and everywhere it runs. */
export async function useClient(use: ClientUse): Promise<void> {
  await chatOnNode(use);
  await compile(use);
  await chatElsewhere(use);
}

async function chatOnNode({ steps, projects, stranger, server }: ClientUse): Promise<void> {
  const kinds = [
    { name: 'esm', type: 'module', program: 'chat.mjs' },
    { name: 'cjs', type: 'commonjs', program: 'chat.cjs' },
  ] as const;
  for (const { name, type, program } of kinds) {
    const project = await steps.run(`npm install @anura/client, ${name}`, () =>
      projects.create({ name, type, packages: client, programs: [program, 'chat-once.mjs'] }),
    );
    if (project === undefined) continue;
    const chat = (node: string) => project.run(node, [program], server.env);
    await steps.run(`chat, ${name}, Node ${process.versions.node}`, () => chat('node'));
    await steps.run(`chat, ${name}, Node 20`, () => chat(findOldestNode(stranger.path)), { optional: true });
  }
}

async function compile({ steps, projects }: ClientUse): Promise<void> {
  const project = await steps.run('npm install @anura/client, TypeScript', () =>
    projects.create({
      name: 'typescript',
      packages: [...client, '@anura/openapi'],
      dependencies: typescript,
      programs: ['typed-common.cts', 'typed-good.ts', 'typed-wrong.ts'],
    }),
  );
  if (project === undefined) return;
  for (const resolution of Object.keys(resolutions) as (keyof typeof resolutions)[]) {
    await steps.run(`TypeScript, moduleResolution ${resolution}, takes what is right`, () =>
      typeCheck(project, { resolution, file: 'typed-good.ts' }),
    );
    await steps.run(`TypeScript, moduleResolution ${resolution}, refuses what is wrong`, () =>
      refuses(project, { resolution, file: 'typed-wrong.ts', mistakes: 4 }),
    );
  }
  await steps.run('TypeScript, require() of a CommonJS module', () =>
    typeCheck(project, { resolution: 'node16', file: 'typed-common.cts' }),
  );
}

async function chatElsewhere({ steps, projects, server }: ClientUse): Promise<void> {
  const project = await steps.run('npm install @anura/client, with Deno, Bun and workerd', () =>
    projects.create({
      name: 'runtimes',
      packages: client,
      dependencies: pinnedRuntimes(),
      programs: ['chat.mjs', 'chat-once.mjs', 'page.html', 'run-worker.mjs', 'worker.mjs'],
      install: ['--ignore-scripts'],
    }),
  );
  if (project === undefined) return;
  const { folder } = project;
  const run = (command: string, args: string[]) => project.run(command, args, server.env);
  await steps.run('chat, Deno', () => {
    const mayDo = ['--allow-net', '--allow-env'];
    return run(binaryOf(folder, 'deno'), ['run', '--no-prompt', '--quiet', ...mayDo, 'chat.mjs']);
  });
  await steps.run('chat, Bun', () => run(binaryOf(folder, 'bun'), ['chat.mjs']));
  await steps.run('chat, workerd', () => run('node', ['run-worker.mjs']));
  await steps.run('chat, Chromium', () => chatInBrowser(folder, server));
}
