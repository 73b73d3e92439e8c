import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listSettings, loadConfig, settings } from '@anura/server/config';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { validate as lintDockerfile } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { blocksCheckedAs } from './blocks/documented-blocks.ts';
import { readDirectives } from './files/proxy-site.ts';
import { startedBy, unitMistakes } from './files/service-unit.ts';
import { readContract } from './reference/contract.ts';
import { repository } from './repository.ts';
import { documentedUrl } from './run/example-server.ts';
import { parseCommand } from './run/parse-command.ts';

const contract = readContract();

/** A configuration in an example, as it would stand in a page. */
const exampleConfigs = globSync('examples/*/anura.config.yaml', { cwd: repository }).map((file) => ({
  place: file,
  text: readFileSync(join(repository, file), 'utf8'),
}));

describe('files shown in the documentation', () => {
  it.each([...blocksCheckedAs('config'), ...exampleConfigs])('$place is a configuration', ({ text }) => {
    const folder = mkdtempSync(join(tmpdir(), 'anura-documented-'));
    writeFileSync(join(folder, 'documented.yaml'), text);
    const env = Object.fromEntries([...text.matchAll(/key_env: (\w+)/g)].map(([, name]) => [name, 'a-key']));
    const flags = { config: join(folder, 'documented.yaml') };
    expect(() => loadConfig({ flags, env, cwd: folder, home: folder })).not.toThrow();
    rmSync(folder, { recursive: true });
  });

  it.each(blocksCheckedAs('schema'))('$place is what the contract calls $check.name', ({ text, check }) => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const validate = ajv.addSchema(contract, 'contract').getSchema(`contract#/components/schemas/${check.name}`);
    if (!validate) throw new Error(`The contract has no schema ${check.name}.`);
    expect(validate(JSON.parse(text)), ajv.errorsText(validate.errors)).toBe(true);
  });

  it.each(blocksCheckedAs('names'))('$place names every $check.name', ({ text, check }) => {
    const values = (contract.components.schemas[check.name]?.enum ?? []) as string[];
    expect(values).not.toEqual([]);
    expect(values.filter((value) => !text.includes(value))).toEqual([]);
  });

  it.each(blocksCheckedAs('from'))('$place stands in $check.file', ({ text, check }) => {
    const rows = (code: string) =>
      code
        .split('\n')
        .map((row) => row.trim())
        .filter(Boolean)
        .join('\n');
    expect(rows(readFileSync(join(repository, check.file), 'utf8'))).toContain(rows(text));
  });

  it.each(blocksCheckedAs('drawing'))('$place names every folder of $check.folder', ({ text, check }) => {
    const folders = readdirSync(join(repository, check.folder), { withFileTypes: true });
    const rooms = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const words = new Set(text.match(/[\w-]+/g));
    expect(rooms.filter((room) => !words.has(room))).toEqual([]);
  });

  it.each(blocksCheckedAs('unit'))('$place is a unit that systemd takes', { timeout: 60_000 }, async ({ text }) => {
    expect(await unitMistakes(text)).toBe('');
    const [node = '', script = '', ...words] = startedBy(text);
    expect([node, join(repository, script)].filter((file) => !existsSync(file))).toEqual([]);
    await parseCommand(['anura', ...words], repository);
  });

  it.each(blocksCheckedAs('dockerfile'))('$place is a Dockerfile that starts what is there', async ({ text }) => {
    expect(lintDockerfile(text).map(({ message }) => message)).toEqual([]);
    const commands = [...text.matchAll(/CMD (\[.+\])$/gm)].map(([, words = '']) => JSON.parse(words) as string[]);
    const [, script = '', ...words] = commands.find((command) => command.includes('serve')) ?? [];
    expect(existsSync(join(repository, script))).toBe(true);
    await parseCommand(['anura', ...words], repository);
    for (const [, run = ''] of text.matchAll(/^RUN (.+)$/gm)) await parseCommand(run.split(' '), repository);
    const variables = [...listSettings(settings)].map(({ env }) => env);
    for (const [name = ''] of text.matchAll(/ANURA_\w+/g)) expect([...variables, 'ANURA_HOME']).toContain(name);
  });

  it.each(blocksCheckedAs('nginx'))('$place is a site that leads to the server', ({ text }) => {
    const directives = readDirectives(text).flatMap(({ inner = [] }) => inner);
    const settingOf = (name: string) => directives.find(({ words }) => words[0] === name)?.words[1];
    const defaults = loadConfig({ flags: {}, env: {}, cwd: tmpdir(), home: tmpdir() });
    expect(settingOf('proxy_pass')).toBe(documentedUrl);
    expect(settingOf('client_max_body_size')).toBe(`${defaults.bodyLimitBytes / 1024 ** 2}m`);
    // An event comes every 15 s while a model is silent.
    expect(Number.parseInt(settingOf('proxy_read_timeout') ?? '0', 10)).toBeGreaterThan(30);
  });
});
