import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import {
  ConfigError,
  type ConfigInputs,
  describeConfig,
  describeConfigAsJson,
  listSettings,
  loadConfig,
  settings,
} from './index.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'anura-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function load(inputs: Partial<ConfigInputs> = {}, file?: string) {
  if (file !== undefined) writeFileSync(join(cwd, 'anura.config.yaml'), file);
  return loadConfig({ env: {}, cwd, home: '/home/frog', ...inputs });
}

function problems(inputs: Partial<ConfigInputs> = {}, file?: string): readonly string[] {
  try {
    load(inputs, file);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('where values come from', () => {
  test('without anything, the defaults listen on this machine alone and keep everything in the home folder', () => {
    const config = load();
    expect(config).toMatchObject({ host: '127.0.0.1', port: 8484, dataDir: '/home/frog/.anura' });
    expect(config.modelsDir).toBe('/home/frog/.anura/models');
    expect(config.warnings).toEqual([]);
    expect(new Set([...config.origins.values()].map(({ from }) => from))).toEqual(new Set(['default']));
  });

  test('a flag wins over a variable, a variable over the file, the file over the default', () => {
    const file = 'port: 1\nhost: file.example\nlog: {level: warn}';
    const config = load({ flags: { port: '3' }, env: { ANURA_PORT: '2', ANURA_HOST: 'env.example' } }, file);
    expect(config).toMatchObject({ port: 3, host: 'env.example', log: { level: 'warn' } });
    expect(config.origins.get('port')).toEqual({ from: 'flag', name: '--port' });
    expect(config.origins.get('host')).toEqual({ from: 'env', name: 'ANURA_HOST' });
    expect(config.origins.get('log.level')).toEqual({ from: 'file', name: 'anura.config.yaml:3' });
  });

  test('every setting that has a variable takes its own printed default from it', () => {
    const places = { anuraHome: '/a', dataDir: '/a' };
    for (const { env, path, setting } of listSettings(settings)) {
      const written = setting.kind.print(setting.default(places));
      if (!env || written === undefined || String(written) === '') continue;
      const config = load({ env: { [env]: String(written) } });
      expect(config.origins.get(path), env).toEqual({ from: 'env', name: env });
    }
  });

  test('an empty variable and an empty key count as left out', () => {
    const config = load({ env: { ANURA_PORT: '' } }, 'llama:\nhost:\n');
    expect(config).toMatchObject({ port: 8484, host: '127.0.0.1', llama: { slots: 8 } });
  });

  test('an empty file is a file', () => {
    expect(load({}, '').port).toBe(8484);
  });

  test('ANURA_HOME moves the default folders, and data_dir moves the models', () => {
    expect(load({ env: { ANURA_HOME: 'here' } }).modelsDir).toBe(join(cwd, 'here/models'));
    expect(load({ flags: { data_dir: '~/data' } }).modelsDir).toBe('/home/frog/data/models');
  });

  test('a path is relative to the place it was written in', () => {
    mkdirSync(join(cwd, 'etc'));
    writeFileSync(join(cwd, 'etc/my.yaml'), 'data_dir: ../data');
    const config = load({ flags: { config: 'etc/my.yaml', models_dir: 'models' } });
    expect(config).toMatchObject({ dataDir: join(cwd, 'data'), modelsDir: join(cwd, 'models') });
    expect(load({ env: { ANURA_CONFIG: 'etc/my.yaml' } }).file).toBe(join(cwd, 'etc/my.yaml'));
  });

  test('words, amounts, lists and off are understood in variables as in the file', () => {
    const env = {
      ANURA_DOCS: 'no',
      ANURA_BODY_LIMIT: '1.5mb',
      ANURA_QUEUE_HEDGE_AFTER: '250ms',
      ANURA_LIMITS_REQUESTS_PER_SECOND: 'off',
      ANURA_LLAMA_PRELOAD: 'tadpole, other:7b',
    };
    expect(load({ env })).toMatchObject({
      docs: false,
      bodyLimitBytes: 1_572_864,
      queue: { hedgeAfterMs: 250 },
      limits: { requestsPerSecond: undefined },
      llama: { preload: ['tadpole', 'other:7b'] },
    });
  });
});

describe('providers and aliases', () => {
  const file = `
providers:
  - name: vllm
    url: http://box:8000/v1/
    key_env: VLLM_KEY
    headers: {X-Team: frogs}
    models: {big: org/Big-7B}
    timeouts: {connect: 2s}
  - {name: ollama-2, url: 'http://box2:11434', models: [p, q]}
aliases: {gpt-4o: big, constructor: p}
`;

  test('are read with their defaults', () => {
    const { providers, aliases } = load({ env: { VLLM_KEY: 'sesame' } }, file);
    expect(providers[0]).toMatchObject({
      name: 'vllm',
      url: 'http://box:8000/v1',
      engine: 'auto',
      slots: 'auto',
      price: 0,
    });
    expect(providers[0]?.timeouts).toEqual({
      connectMs: 2000,
      firstTokenMs: 120_000,
      betweenTokensMs: 60_000,
      totalMs: 900_000,
    });
    expect(providers[0]?.key?.reveal()).toBe('sesame');
    expect(providers[0]?.headers.get('X-Team')?.reveal()).toBe('frogs');
    expect(providers[0]?.models).toEqual(new Map([['big', 'org/Big-7B']]));
    expect(providers[1]?.models).toEqual(
      new Map([
        ['p', 'p'],
        ['q', 'q'],
      ]),
    );
    expect(aliases.get('constructor')).toBe('p');
  });

  test('a key whose variable is not set is reported by its line', () => {
    expect(problems({}, file)).toEqual([
      'anura.config.yaml:5: providers[0].key_env: expected the name of a variable that is set, got "VLLM_KEY", which is not',
    ]);
  });

  test('two of one name, key beside key_env, and a circle of aliases are refused', () => {
    const twice = '- {name: a, url: "http://x"}\n- {name: a, url: "http://y"}';
    expect(problems({}, `providers:\n${twice}\naliases: {a: b, b: a}`)).toEqual([
      'anura.config.yaml:3: providers[1].name: expected a name of its own, got "a", which providers[0] has',
      'anura.config.yaml:4: aliases.a: expected names that lead to a model, got a circle: a → b → a',
    ]);
    expect(problems({ env: { K: 'k' } }, 'providers:\n- {name: a, url: "http://x", key: a, key_env: K}')).toEqual([
      'anura.config.yaml:2: providers[0].key_env: expected key or key_env, got both',
    ]);
  });
});

describe('mistakes', () => {
  test('are all listed, each with line, key, value and what was expected', () => {
    const file = `prot: 1
port: 99999
log:
  levl: x
  level: verbose
body_limit: 20
providers:
  - name: b
    url: "htp://x"
  - {}
queue: []
cors_origins: [a]`;
    expect(problems({ env: { ANURA_DOCS: 'maybe' }, flags: { 'queue.max_wait': '5' } }, file)).toEqual([
      'anura.config.yaml:1: prot: unknown key, did you mean "port"?',
      'anura.config.yaml:2: port: expected a whole number from 0 to 65535, got 99999',
      'anura.config.yaml:4: log.levl: unknown key, did you mean "level"?',
      'anura.config.yaml:5: log.level: expected one of trace, debug, info, warn, error, silent, got "verbose"',
      'anura.config.yaml:6: body_limit: expected a size from 1kb to 1gb, like 20mb, got 20',
      'anura.config.yaml:9: providers[0].url: expected an http(s) URL without user, password, ? or #, got "htp://x"',
      'anura.config.yaml:10: providers[1].name: expected letters, digits, "-" and "_", 64 at most, got nothing',
      'anura.config.yaml:10: providers[1].url: expected an http(s) URL without user, password, ? or #, got nothing',
      'anura.config.yaml:11: queue: expected a section, got a list',
      'anura.config.yaml:12: cors_origins[0]: expected * or an origin like https://app.example, got "a"',
      'ANURA_DOCS: expected true or false, got "maybe"',
      '--queue-max-wait: expected a duration from 0s to 24h, like 30s or 10m, got "5"',
    ]);
  });

  test('in YAML itself are reported by their line', () => {
    expect(problems({}, 'port: 1\nport: 2')[0]).toMatch(/^anura\.config\.yaml:2: .*unique/);
    expect(problems({}, 'a: [1,')[0]).toMatch(/^anura\.config\.yaml:1: /);
    expect(problems({}, '- 1')).toEqual(['anura.config.yaml:1: expected settings like "port: 8484", got [1]']);
  });

  test('a named file that is not there is one, a folder too', () => {
    expect(problems({ flags: { config: 'no.yaml' } })).toEqual([
      'no.yaml: expected a configuration file, but there is no such file',
    ]);
    expect(problems({ flags: { config: '.' } })).toEqual(['.: expected a configuration file, but it is a folder']);
  });

  test('a Kubernetes service link is recognised', () => {
    expect(problems({ env: { ANURA_PORT: 'tcp://10.0.0.1:8484' } })[0]).toContain('enableServiceLinks');
  });

  test('a misspelled variable is a warning, a stranger is nothing', () => {
    const { warnings } = load({ env: { ANURA_PROT: '1', ANURA_SERVICE_HOST: '10.0.0.1' } });
    expect(warnings).toEqual(['ANURA_PROT is not a setting and was ignored; did you mean ANURA_PORT?']);
  });

  test('nothing in the file but an understood configuration passes, and everything else is a ConfigError', () => {
    const key = fc.constantFrom(
      'port',
      'log',
      'providers',
      'aliases',
      'llama',
      'name',
      'url',
      'models',
      '__proto__',
      'x',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(null, true, 'http://x', 'a', 7, -1, '5s'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (values) => {
        for (const problem of problems({}, stringify(values))) expect(problem).toMatch(/^anura\.config\.yaml:\d+: /);
      }),
      { numRuns: 200 },
    );
  });
});

describe('secrets', () => {
  const secrets = ['preset-key-0123', 'upstream-key-45', 'header-secret-6', 'from-variable-7'];
  const file = `api_key: ${secrets[0]}
providers:
  - {name: a, url: 'http://x', key: ${secrets[1]}, headers: {X-Key: ${secrets[2]}}}
  - {name: b, url: 'http://y', key_env: UPSTREAM}`;

  test('are shown nowhere', () => {
    const config = load({ env: { UPSTREAM: secrets[3] } }, file);
    const shown = [
      describeConfig(config),
      JSON.stringify(describeConfigAsJson(config)),
      JSON.stringify(config),
      inspect(config, { depth: 9 }),
      `${config.apiKey}`,
    ];
    for (const secret of secrets) for (const text of shown) expect(text).not.toContain(secret);
    expect(describeConfig(config)).toContain('***');
    expect(config.apiKey?.reveal()).toBe(secrets[0]);
  });

  test('are not in messages about them either', () => {
    const bad = 'short w';
    expect(problems({ env: { ANURA_API_KEY: bad } })).toEqual([
      'ANURA_API_KEY: expected 1 to 200 printable characters without spaces, got a value that is not shown here',
    ]);
    const [problem] = problems({}, 'providers: [{name: a, url: "http://user:hunter2@x"}]');
    expect(problem).not.toContain('hunter2');
  });

  test('a guessable key on an open port is a warning', () => {
    const flags = { api_key: 'password', host: '0.0.0.0' };
    expect(load({ flags }).warnings[0]).toContain('guessed');
    expect(load({ flags: { ...flags, host: '127.0.0.1' } }).warnings).toEqual([]);
  });
});

describe('the printed configuration', () => {
  test('says where each value came from', () => {
    const printed = describeConfig(load({ flags: { port: 0 }, env: { ANURA_HOST: '::1' } }, 'body_limit: 1024kb'));
    expect(printed).toContain('port: 0 # flag --port\n');
    expect(printed).toContain('host: ::1 # env ANURA_HOST\n');
    expect(printed).toContain('body_limit: 1mb # file anura.config.yaml:1\n');
    expect(printed).toContain('shutdown_grace: 10s # default\n');
  });

  test('is a file that gives the same configuration', () => {
    const file = `
limits: {requests_per_second: off, monthly_tokens: 5}
memory_budget: 2gb
llama: {threads: 3, idle_unload: 90s}
providers: [{name: a, url: 'http://x', models: {b: c}, timeouts: {total: 1h}}]
aliases: {d: e}`;
    const { origins: _, ...first } = load({}, file);
    const { origins: __, ...second } = load({}, describeConfig(load({}, file)));
    expect(second).toEqual(first);
  });
});

test('each setting has a name of its own outside, and a sentence', () => {
  const all = [...listSettings(settings)];
  expect(new Set(all.map(({ path }) => path)).size).toBe(all.length);
  expect(new Set(all.map(({ env }) => env)).size).toBe(all.filter(({ env }) => env).length + 1);
  for (const { path, setting } of all) expect(setting.doc, path).toMatch(/^[A-Z].*[.]$/);
});
