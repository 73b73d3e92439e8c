import { createAnura, type Model } from '@anura/client';
import { findPlace } from '../connection.ts';
import type { Context } from '../context.ts';
import { ProfileStore } from '../profiles/profile-store.ts';
import type { Spot } from './spot.ts';
import type { Suggestion } from './suggest.ts';

/** Whoever pressed Tab waits for it. */
const patienceMs = 1000;

/** What may stand here as far as only a server or this machine knows. Never fails: then it knows nothing. */
export async function knownValues(spot: Spot, context: Context): Promise<Suggestion[]> {
  const find = finderFor(spot);
  const found = find ? await find(spot, context).catch(() => []) : [];
  return found.filter(({ value }) => !value.startsWith('-')); // such a name would be read as an option
}

type Finder = (spot: Spot, context: Context) => Promise<Suggestion[]>;

function finderFor({ command, option, argument }: Spot): Finder | undefined {
  const path = [command.parent?.parent ? command.parent.name() : '', command.name()].join(' ').trim();
  if (option) return optionFinders[option.long ?? ''];
  return argument && argumentFinders[`${path} ${argument.name()}`];
}

const modalities: Readonly<Record<string, Model['modality']>> = {
  chat: 'chat',
  bench: 'chat',
  embed: 'embedding',
  image: 'image',
  video: 'video',
  speak: 'speech',
};

const findModels: Finder = async ({ command, given }, context) => {
  const wanted = modalities[command.name()];
  const models = await client(given, context).models.list({ signal: AbortSignal.timeout(patienceMs) });
  return models
    .filter(({ modality }) => wanted === undefined || modality === undefined || modality === wanted)
    .map(({ id, modality, state }) => ({ value: id, description: [modality, state].filter(Boolean).join(', ') }));
};

const findJobs: Finder = async ({ given }, context) => {
  const { jobs } = await client(given, context).jobs.list({ limit: 20 }, { signal: AbortSignal.timeout(patienceMs) });
  return jobs.map((job) => ({ value: job.job_offer_id, description: `${job.kind} by ${job.model}, ${job.job_state}` }));
};

const findKeys: Finder = async ({ given }, context) => {
  const keys = await client(given, context).keys.list({ signal: AbortSignal.timeout(patienceMs) });
  return keys
    .filter(({ revoked_at }) => !revoked_at)
    .map(({ id, name, prefix }) => ({ value: id, description: `${name ?? ''} ${prefix}…` }));
};

const findModelFiles: Finder = async ({ given }, context) => {
  const { diskModelNames } = await import('../commands/models-on-disk.ts');
  return (await diskModelNames(given, context)).map((value) => ({ value, description: '' }));
};

const findProfiles: Finder = async (_spot, context) =>
  new ProfileStore(context).names().map((value) => ({ value, description: '' }));

const findVoices: Finder = async () =>
  ['heart', 'puck', 'fenrir', 'bella'].map((value) => ({ value, description: 'in every model' }));

const optionFinders: Readonly<Record<string, Finder>> = {
  '--model': findModels,
  '--profile': findProfiles,
  '--voice': findVoices,
  '--key-id': findKeys,
};

const argumentFinders: Readonly<Record<string, Finder>> = {
  'chat model': findModels,
  'explain model': findModels,
  'rm name': findModelFiles,
  'jobs show id': findJobs,
  'jobs watch id': findJobs,
  'jobs cancel id': findJobs,
  'jobs result id': findJobs,
  'keys revoke id': findKeys,
  'use profile': findProfiles,
  'logout profile': findProfiles,
};

/** The server that the line itself names, or the usual one. */
function client(given: Spot['given'], context: Context) {
  const { url, key } = findPlace({ ...given, json: true }, context);
  return createAnura({ baseUrl: url, apiKey: key, retries: 0, timeoutMs: patienceMs });
}
