import { describe, expect, it } from 'vitest';
import { repository } from '../repository.ts';
import { rehearse } from './rehearse.ts';

describe('a rehearsal', () => {
  it('takes what the programs would take, and does none of it', async () => {
    const script = 'anura pull kokoro # the voices\nANURA_API_KEY=$(openssl rand -hex 32) npm start\nnpm run check';
    expect(await rehearse(script, repository)).toEqual({ code: 0, output: '' });
  });

  it.each([
    ['an option that is gone', 'anura serve --prot 9000', "unknown option '--prot'"],
    ['a command that is gone', 'anura tickle', "unknown command 'tickle'"],
    ['an option of a command in a command', 'anura keys create --colour red', "unknown option '--colour'"],
    ['an option that is gone, through npx', 'npx @anura/cli serve --prot 9000', "unknown option '--prot'"],
    ['a script that is gone', 'npm run polish', 'no script "polish"'],
    ['a file that is gone', 'cd examples\nnode gone/main.ts', 'no gone/main.ts'],
    ['a program nobody knows', 'frobnicate', 'frobnicate: command not found'],
  ])('refuses %s', async (_what, script, reason) => {
    const { code, output } = await rehearse(script, repository);
    expect(output).toContain(reason);
    expect(code).not.toBe(0);
  });

  it('finds files from the folder the script has gone to', async () => {
    expect(await rehearse('cd examples\nnode video-job/main.ts', repository)).toEqual({ code: 0, output: '' });
    expect(await rehearse('cd apps/cli\nnpm run build', repository)).toEqual({ code: 0, output: '' });
  });
});
