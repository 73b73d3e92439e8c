/**
 * `serve-jobs.ts DATA_DIR JOBS`: submits jobs until there are so many, runs them, and prints `accepted ID` once a submit
 * resolved, `started ID` for every video begun, and `idle` when nothing is left. Its studio needs no process: a video is
 * done at a time its operation names.
 */
import { join } from 'node:path';
import { FolderArtifactStore } from '../../../artifacts/folder-artifact-store.ts';
import type { VideoEngine } from '../../../engines/video-engine.ts';
import { Scheduler } from '../../../scheduler/scheduler.ts';
import { openSqliteStores } from '../../../stores/sqlite/index.ts';
import { DurableJobs } from '../../durable/durable-jobs.ts';
import { JobLog } from '../../job-log.ts';
import { MediaJobs } from '../../media-jobs.ts';
import { JobRunner } from '../job-runner.ts';
import { finished, png, Studio } from './studio.ts';

const [dataDir = '', count = '0'] = process.argv.slice(2);
const log = { info: () => undefined, warn: (fields: object, message: string) => console.error(message, fields) };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const videos: VideoEngine = {
  admit: () => undefined,
  start: async (_request, { jobOfferId }) => {
    console.log(`started ${jobOfferId}`);
    return { doneAtMs: Date.now() + 300 };
  },
  status: async ({ doneAtMs }) => (Date.now() >= Number(doneAtMs) ? finished : { state: 'running', progress: 0.5 }),
  cancel: async () => undefined,
};
const studio = new Studio('studio', [
  { model: 'sdxl-turbo', kind: 'image', slots: 4 },
  { model: 'wan2.1', kind: 'video', slots: 8 },
]);
const provider = {
  name: studio.name,
  offers: () => studio.offers(),
  images: {
    ...studio.images,
    image: async () =>
      pause(10).then(() => ({ bytes: png, contentType: 'image/png', seed: 1, width: 1, height: 1 }) as const),
  },
  videos,
};

const stores = openSqliteStores({ dataDir });
const jobs = new DurableJobs({ store: stores.durableJobs });
const artifacts = new FolderArtifactStore({ folder: join(dataDir, 'artifacts') });
const scheduler = new Scheduler({ offers: () => provider.offers() });
const rows = new JobLog({ store: stores.jobs, log });
const surroundings = { jobs, artifacts, scheduler, providers: [provider] };
const resultUrl = ({ id }: { id: string }) => `/results/${id}`;
const runner = new JobRunner({
  ...surroundings,
  resultUrl,
  log,
  leaseMs: 300,
  lookMs: 50,
  pollMs: 10,
  maxLapses: 1_000,
});
const media = new MediaJobs({ ...surroundings, log: rows, aliases: {}, checkWebhookUrl: () => undefined });
runner.start();

for (let made = 0; made < Number(count); made++) {
  const request = { prompt: `frog ${made}` };
  const what =
    made % 2 === 0
      ? ({ kind: 'image', request: { ...request, model: 'sdxl-turbo' } } as const)
      : ({ kind: 'video', request: { ...request, model: 'wan2.1' } } as const);
  const { record } = await media.submit(what, { keyId: `key_${made % 3}` }, { webhookUrl: 'https://example.com/hook' });
  console.log(`accepted ${record.id}`);
}
while ((await stores.durableJobs.countUnfinished()) > 0) await pause(20);
await runner.close();
scheduler.close();
await rows.close();
await stores.close();
console.log('idle');
