import { settingsReference } from '@anura/server/config';
import type { ExampleServer } from '../run/example-server.ts';
import { runCommand } from '../run/run-command.ts';
import { apiReference } from './api-reference.ts';
import { readContract } from './contract.ts';

/** What the pages hold that is made from code: the name between the marks, and how it is made. */
const makers: Readonly<Record<string, (server: ExampleServer) => string | Promise<string>>> = {
  settings: () => settingsReference(),
  operations: operationTable,
  reference: () => apiReference(readContract()),
  commands: commandHelp,
  metrics: metricTable,
};

const block = /(<!-- generated: (\w+) -->\n)([\s\S]*?)(<!-- end of generated -->)/g;

/** The page as it should be, its generated blocks made anew. Throws for a block nobody makes. */
export async function withGeneratedBlocks(text: string, server: ExampleServer): Promise<string> {
  let current = text;
  for (const [whole, opening, name = '', , closing] of text.matchAll(block)) {
    const make = makers[name];
    if (!make) throw new Error(`Nothing makes the generated block "${name}".`);
    const body = (await make(server)).trim();
    current = current.replace(whole, () => `${opening}\n${body}\n\n${closing}`);
  }
  return current;
}

function operationTable(): string {
  const rows = Object.entries(readContract().paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, summary }]) => {
      const anchor = `${method}-${path.replaceAll(/[^\w-]/g, '')}`;
      return `| [\`${method.toUpperCase()} ${path}\`](reference.md#${anchor}) | ${summary} | \`${operationId}\` |`;
    }),
  );
  return ['| Operation | What it does | Its name |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The help of the command and of all its commands. */
async function commandHelp({ folder, env }: ExampleServer): Promise<string> {
  const help = async (...words: string[]) =>
    (await runCommand('anura', [...words, '--help'], { cwd: folder, env })).output;
  const sections = [`\`\`\`text\n${(await help()).trim()}\n\`\`\``];
  for (const command of commandsIn(await help())) {
    const text = await help(command);
    sections.push(`### anura ${command}\n\n\`\`\`text\n${text.trim()}\n\`\`\``);
    const inner = text.startsWith(`Usage: anura ${command} [options] [command]`) ? commandsIn(text) : [];
    for (const word of inner)
      sections.push(`#### anura ${command} ${word}\n\n\`\`\`text\n${(await help(command, word)).trim()}\n\`\`\``);
  }
  return sections.join('\n\n');
}

/** `serve [options]   run a server` stands two spaces in, below a title; what continues a line stands further in. */
function commandsIn(help: string): string[] {
  const [, ...lines] = help.split('\n');
  const names = lines.flatMap((line) => /^ {2}([a-z][a-z-]*)(?: [[<].*?| ) {2,}\S/.exec(line)?.[1] ?? []);
  return names.filter((name) => name !== 'help');
}

async function metricTable({ url }: ExampleServer): Promise<string> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
  const rows = [...text.matchAll(/^# HELP ((?:anura|gen_ai)\S+) (.+)$/gm)].map(
    ([, name, help]) => `| \`${name}\` | ${types.get(name)} | ${help} |`,
  );
  return ['| Metric | Kind | What it says |', '| --- | --- | --- |', ...rows].join('\n');
}
