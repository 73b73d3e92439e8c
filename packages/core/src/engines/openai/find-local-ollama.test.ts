import { once } from 'node:events';
import { createServer } from 'node:net';
import { startFakeUpstream } from '@anura/fake-upstream';
import { describe, expect, it } from 'vitest';
import { findLocalOllama } from './find-local-ollama.ts';

describe('findLocalOllama', () => {
  it('finds an Ollama', async () => {
    await using ollama = await startFakeUpstream();
    expect(await findLocalOllama({ port: ollama.port })).toBe(ollama.url);
  });

  it('finds none where something else listens, hangs, or nothing does', async () => {
    await using other = await startFakeUpstream({ ollama: false });
    expect(await findLocalOllama({ port: other.port })).toBeUndefined();
    const silent = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    expect(await findLocalOllama({ port, timeoutMs: 50 })).toBeUndefined();
    await new Promise((resolve) => silent.close(resolve));
    expect(await findLocalOllama({ port })).toBeUndefined();
  });
});
