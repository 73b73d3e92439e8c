import { findAliasCycle } from '@anura/core/scheduler';
import {
  boolean,
  choice,
  duration,
  headerValue,
  host,
  httpUrl,
  integer,
  type Kind,
  listOf,
  mapOf,
  modelName,
  number,
  orAuto,
  orNothing,
  orOff,
  path,
  providerName,
  secret,
  size,
  text,
  variableName,
} from './kinds.ts';
import { takenNames } from './provider-names.ts';
import { group, groupList, required, setting, type ValuesOf } from './setting.ts';

const corsOrigin = text('* or an origin like https://app.example', /^(\*|https?:\/\/[^\s/]+)$/);
const headerName = text('the name of a header', /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/);

/** Names the operator gives to models. A chain of them is fine, a circle is not. */
const aliasMap: Kind<ReadonlyMap<string, string>> = withoutCycle(mapOf(modelName, modelName));

/** `models: [a, b]` offers those two; `models: {public: upstream}` also renames them. */
const providerModels = namesOrMapping(mapOf(modelName, modelName));

const provider = group('Provider', {
  name: required(providerName, 'What it is called in logs, in the model list and in refusals.'),
  url: required(httpUrl, 'Where its API is, with the version for OpenAI-compatible ones: http://box:8000/v1.'),
  engine: setting(
    choice('auto', 'openai', 'ollama', 'comfyui'),
    'auto',
    'The API it speaks; auto asks whether it is openai or ollama.',
  ),
  key: setting(orNothing(secret(4096)), undefined, 'The key it wants.'),
  keyEnv: setting(orNothing(variableName), undefined, 'The environment variable that holds the key it wants.'),
  headers: setting(mapOf(headerName, headerValue), () => new Map(), 'Headers to send with every request.'),
  models: setting(orNothing(providerModels), undefined, 'The models to offer; all that it lists when left out.'),
  slots: setting(
    orAuto(integer(1, 10_000)),
    'auto',
    'How many requests it gets at once; auto is 4 for an Ollama, 8 for others.',
  ),
  templates: setting(orNothing(path), undefined, 'The folder with its workflows, MODEL.json each (comfyui only).'),
  price: setting(number(0, 1_000_000), 0, 'Its relative cost; among equals the cheaper one goes first.'),
  timeouts: group('Timeouts', {
    connectMs: setting(duration('100ms', '5m'), 5000, 'How long connecting may take.'),
    firstTokenMs: setting(
      duration('1s', '2h'),
      120_000,
      'How long the first token may take, loading the model included.',
    ),
    betweenTokensMs: setting(duration('1s', '1h'), 60_000, 'How long it may be silent once it has begun.'),
    totalMs: setting(duration('1s', '24h'), 900_000, 'How long one request may take in all.'),
  }),
});

/**
 * Every setting of the server, once. From here come the flags and their help, the variables, the shape of the file,
 * the reference, and the type of the configuration.
 */
export const settings = group('Server', {
  host: setting(host, '127.0.0.1', 'The address to listen on; 0.0.0.0 is every network this machine is in.'),
  port: setting(integer(0, 65_535), 8484, 'The port to listen on; 0 takes any free one.'),
  dataDir: setting(path, ({ anuraHome }) => anuraHome, 'The folder for keys, usage, jobs and models.'),
  modelsDir: setting(path, ({ dataDir }) => `${dataDir}/models`, 'The folder with GGUF models.'),
  memoryBudgetBytes: setting(
    orAuto(size('16mb', '4tb')),
    'auto',
    'Memory for the loaded models of llama and diffusion together; beyond it the least recently used is unloaded.',
  ),
  apiKey: setting(
    orNothing(secret(200)),
    undefined,
    'A key that works from the first start, with every right; best given as ANURA_API_KEY.',
  ),
  bodyLimitBytes: setting(size('1kb', '1gb'), 20 * 1024 ** 2, 'The largest request body.'),
  maxImageSide: setting(
    integer(16, 16_384),
    512,
    'The largest width and height of an image in a chat, in pixels, where the model does not say.',
  ),
  requestTimeoutMs: setting(duration('1s', '24h'), 900_000, 'How long one request may take in all, waiting included.'),
  shutdownGraceMs: setting(duration('0s', '1h'), 10_000, 'How long running requests may go on after a stop signal.'),
  corsOrigins: setting(listOf(corsOrigin), ['*'], 'The web pages that may call it from a browser.'),
  docs: setting(boolean, true, 'Serve the API reference at /docs.'),
  metrics: setting(boolean, true, 'Serve Prometheus metrics at /metrics.'),
  discoverOllama: setting(boolean, true, 'Offer the models of an Ollama on this machine.'),
  log: group('Log', {
    level: setting(choice('trace', 'debug', 'info', 'warn', 'error', 'silent'), 'info', 'How much to log.'),
    format: setting(
      choice('auto', 'json', 'pretty'),
      'auto',
      'Lines for machines or for people; auto looks at the terminal.',
    ),
    prompts: setting(boolean, false, 'Log what is asked and answered, for everyone who reads the log.'),
  }),
  llama: group('Models in this process (llama.cpp)', {
    enabled: setting(boolean, true, 'Run GGUF models in this process.'),
    bundled: setting(boolean, true, 'Offer tadpole, the small model that comes with Anura.'),
    threads: setting(orAuto(integer(1, 1024)), 'auto', 'Processor threads; auto leaves none idle and none waiting.'),
    gpu: setting(
      choice('auto', 'off', 'cuda', 'vulkan', 'metal'),
      'auto',
      'The GPU back end; auto takes what there is.',
    ),
    slots: setting(integer(1, 256), 8, 'How many chats one model runs at once.'),
    contextSize: setting(
      orAuto(integer(64, 10_000_000)),
      'auto',
      'Tokens of context per chat; auto goes by the model and the memory.',
    ),
    preload: setting(listOf(modelName), ['tadpole'], 'Models to load at start instead of at their first use.'),
    idleUnloadMs: setting(orOff(duration('1s', '30d')), undefined, 'Unload a model that nobody used for this long.'),
  }),
  diffusion: group('Pictures and animations in this process (ONNX)', {
    enabled: setting(boolean, true, 'Draw with ONNX models in this process.'),
    bundled: setting(boolean, true, 'Offer tadpole-image and tadpole-video, the tiny models that come with Anura.'),
    threads: setting(orAuto(integer(1, 1024)), 'auto', 'Processor threads of a drawing; auto leaves one for chat.'),
    executionProviders: setting(
      listOf(choice('cpu', 'cuda', 'webgpu', 'coreml', 'dml')),
      ['cpu'],
      'What onnxruntime computes on, first choice first.',
    ),
    metadata: setting(boolean, true, 'Write prompt, model and seed into the files.'),
  }),
  speech: group('Speech in this process', {
    enabled: setting(boolean, true, 'Read texts aloud in this process: Flite, and Kokoro once it was pulled.'),
    slots: setting(integer(1, 64), 2, 'How many sentences are spoken at the same time.'),
    kokoroThreads: setting(integer(1, 64), 2, 'Processor threads for one sentence of Kokoro.'),
  }),
  search: group('Web search', {
    engine: setting(
      choice('local', 'searxng', 'brave', 'off'),
      'local',
      'Who searches; local has the documents added with `anura search add`, and those of Anura.',
    ),
    url: setting(orNothing(httpUrl), undefined, 'Where SearXNG is; for brave another address than its own.'),
    key: setting(
      orNothing(secret(4096)),
      undefined,
      'The subscription token for brave, best given as ANURA_SEARCH_KEY.',
    ),
    timeoutMs: setting(duration('100ms', '2m'), 8000, 'How long one try may take.'),
    rememberQueries: setting(boolean, true, 'Suggest to others what three have asked (local only).'),
  }),
  limits: group('Limits of each key', {
    requestsPerSecond: setting(orOff(number(0.001, 1_000_000)), 20, 'Requests per second.'),
    tokensPerMinute: setting(orOff(integer(1, 1_000_000_000_000)), undefined, 'Tokens per minute, asked and answered.'),
    concurrentRequests: setting(orOff(integer(1, 1_000_000)), undefined, 'Requests at the same time.'),
    monthlyTokens: setting(orOff(integer(1, 1_000_000_000_000_000)), undefined, 'Tokens in a calendar month (UTC).'),
  }),
  queue: group('Waiting when everything is busy', {
    maxLength: setting(integer(0, 1_000_000), 512, 'How many requests may wait.'),
    maxWaitMs: setting(duration('0s', '24h'), 30_000, 'How long one may wait.'),
    hedgeAfterMs: setting(
      orOff(duration('10ms', '10m')),
      undefined,
      'Ask a second provider too when the first token takes this long.',
    ),
  }),
  jobs: group('Jobs', {
    retentionMs: setting(duration('1m', '3650d'), 604_800_000, 'How long finished jobs are kept, prompts included.'),
    resultRetentionMs: setting(duration('1m', '3650d'), 86_400_000, 'How long pictures, videos and speech are kept.'),
    maxUnfinished: setting(integer(1, 10_000_000), 10_000, 'How many pictures, videos and speech may be under way.'),
    maxUnfinishedPerKey: setting(integer(1, 10_000_000), 1000, 'The same for each key.'),
    matchTimeoutMs: setting(duration('1s', '30d'), 3_600_000, 'How long one may wait for a provider.'),
    executionTimeoutMs: setting(duration('1s', '30d'), 900_000, 'How long a provider may take for one.'),
    executionTimeouts: setting(mapOf(modelName, duration('1s', '30d')), () => new Map(), 'The same for single models.'),
    totalTimeoutMs: setting(duration('1s', '30d'), 7_200_000, 'How long one may take in all.'),
    webhooksToPrivateNetworks: setting(boolean, false, 'Send webhooks to this machine and its networks too.'),
  }),
  aliases: setting(aliasMap, () => new Map(), 'Other names for models.'),
  providers: groupList('The servers whose models are offered.', provider, takenNames),
});

/** The configuration under the names code uses: milliseconds and bytes where the name says so, absolute paths. */
export type Config = ValuesOf<(typeof settings)['members']>;
export type ProviderConfig = Config['providers'][number];

function withoutCycle(kind: Kind<ReadonlyMap<string, string>>): Kind<ReadonlyMap<string, string>> {
  const schema = kind.schema.superRefine((aliases, context) => {
    const cycle = findAliasCycle(Object.fromEntries(aliases));
    if (!cycle) return;
    const message = `expected names that lead to a model, got a circle: ${cycle.join(' → ')}`;
    context.addIssue({ code: 'custom', message, path: cycle.slice(0, 1) });
  });
  return { ...kind, schema };
}

function namesOrMapping(mapping: Kind<ReadonlyMap<string, string>>): Kind<ReadonlyMap<string, string>> {
  const names = listOf(modelName);
  const asMap = names.schema.transform((list) => new Map(list.map((name) => [name, name])));
  const expected = 'a list of model names, or a mapping from our names to theirs';
  return { ...mapping, schema: asMap.or(mapping.schema), expected };
}
