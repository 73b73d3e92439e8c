import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tadpoleImage } from '../__fixtures__/bundled.ts';
import { temporaryFolder } from '../__fixtures__/tiny-model.ts';
import { gateMemory, passGate, shutGate } from './native-gate.ts';

describe('the gate around native calls', () => {
  it('lets calls through until it is shut', async () => {
    const gate = gateMemory();
    expect(await passGate(gate, async () => 1)).toBe(1);
    shutGate(gate);
    await expect(passGate(gate, async () => 2)).rejects.toThrow('ending');
  });

  it('is free again after a call that failed', async () => {
    const gate = gateMemory();
    const failed = passGate(gate, async () => {
      throw new Error('broken');
    });
    await expect(failed).rejects.toThrow('broken');
    const started = performance.now();
    shutGate(gate);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('lets a process that is told to exit while it draws end with its own code', { timeout: 30_000 }, async () => {
    await using folder = await temporaryFolder();
    const script = join(folder.path, 'exit.ts');
    const fixture = new URL('../__fixtures__/open-provider.ts', import.meta.url);
    await writeFile(
      script,
      `import { callFor, openProvider } from ${JSON.stringify(fixture.href)};
      const provider = await openProvider([${JSON.stringify(tadpoleImage)}]);
      const onProgress = (part: number) => part > 0.1 && process.exit(3);
      await provider.images.image({ model: 'any', prompt: 'a frog', steps: 150 }, { ...callFor(provider, 'tadpole-image'), onProgress });`,
    );
    const [code, signal] = await once(spawn(process.execPath, [script], { stdio: 'inherit' }), 'exit');
    expect({ code, signal }).toEqual({ code: 3, signal: null });
  });
});
