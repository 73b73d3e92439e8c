import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contractOf, operation } from './__fixtures__/operations.ts';

const released = contractOf({ '/pond': operation(), '/frogs': operation() });
const withoutFrogs = contractOf({ '/pond': operation() });

describe('the check of the contract', () => {
  let root: string;
  const write = (name: string, content: unknown) => {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  };
  const announce = (type: string, name = '@anura/openapi') =>
    write('.changeset/frogs.md', `---\n'${name}': ${type}\n---\n\nNo frogs any more.\n`);
  const check = (...args: string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, 'check-main.ts'), '--root', root, ...args], {
      encoding: 'utf8',
    });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'anura-check-'));
    write('package.json', { name: 'pond', private: true, version: '0.0.0' });
    write('pnpm-workspace.yaml', 'packages: [openapi, client]\n');
    write('openapi/package.json', { name: '@anura/openapi', version: '0.1.0' });
    write('client/package.json', { name: '@anura/client', version: '0.1.0' });
    write('.changeset/config.json', { fixed: [['@anura/*']], access: 'public', baseBranch: 'main' });
    write('openapi/released/openapi.json', released);
    write('openapi/generated/openapi.json', withoutFrogs);
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('passes without a word of changesets when nothing breaks', () => {
    cpSync(join(root, 'openapi/released'), join(root, 'openapi/generated'), { recursive: true });
    expect(check()).toMatchObject({ status: 0, stdout: 'Nothing breaks clients of the released contract.\n' });
  });

  it('fails, naming the break and what to do, when no changeset or a small one waits', () => {
    const { status, stdout } = check();
    expect(status).toBe(1);
    expect(stdout).toContain('/frogs: Path `/frogs` was removed. Clients that call it get 404.');
    expect(stdout).toContain('choose major for @anura/openapi');
    announce('minor');
    expect(check()).toMatchObject({ status: 1, stdout: expect.stringContaining('would be a minor one') });
  });

  it('passes when a major changeset for any package of the fixed group waits', () => {
    announce('major', '@anura/client');
    expect(check()).toMatchObject({ status: 0, stdout: expect.stringContaining('announces it: 1.0.0') });
  });

  it('gives its findings as data', () => {
    const { status, stdout } = check('--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      kept: false,
      release: { type: 'none' },
      findings: [{ level: 'breaking', rule: 'path-removed', operation: '/frogs' }],
    });
  });

  it('says in one line which file is missing', () => {
    rmSync(join(root, 'openapi/released'), { recursive: true });
    const { status, stderr } = check();
    expect(status).toBe(2);
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('released/openapi.json')]);
  });
});
