// A program of its own that starts a server and talks to core; it must compile.
import { isJobId } from '@anura/core';
import { createLlamaProvider, type LlamaProvider } from '@anura/core/engines/llama';
import { type FakeUpstream, startFakeUpstream } from '@anura/fake-upstream';
import { loadConfig, type RunningServer, startServer } from '@anura/server';

export const open = (): Promise<LlamaProvider> => createLlamaProvider({ modelsDirs: ['/srv/models'] });
export const serve = (): Promise<RunningServer> =>
  startServer(loadConfig({ flags: { port: 0 }, env: {}, cwd: '/', home: '/' }));
export const pretend = (): Promise<FakeUpstream> => startFakeUpstream({ slots: 2 });
export const known: boolean = isJobId('Qm');
