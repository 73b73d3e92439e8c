import { GatewayError } from '../../errors/gateway-error.ts';
import type { CallDeadlines, ConfiguredModel, OpenAIProviderOptions, UpstreamKind, UpstreamLog } from './options.ts';

/** The options with defaults filled in and the address taken apart. */
export interface OpenAISettings {
  readonly name: string;
  readonly origin: string;
  /** In front of `/chat/completions`, e.g. `/v1`. */
  readonly basePath: string;
  /** In front of Ollama's `/api/tags`: the base path without `/v1`. */
  readonly rootPath: string;
  readonly apiKey: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** By public name; undefined offers everything. */
  readonly models: ReadonlyMap<string, ConfiguredModel> | undefined;
  readonly slots: number | undefined;
  readonly price: number | undefined;
  readonly deadlines: CallDeadlines;
  readonly discoveryIntervalMs: number;
  readonly kind: UpstreamKind;
  readonly requireDone: boolean;
  readonly log: UpstreamLog;
}

const defaultDeadlines: CallDeadlines = {
  connectMs: 5_000,
  firstTokenMs: 120_000,
  betweenTokensMs: 60_000,
  totalMs: 900_000,
};

const silentLog: UpstreamLog = { info() {}, warn() {} };

/** Throws an `invalid-request` error that names the option at fault. */
export function readSettings(options: OpenAIProviderOptions): OpenAISettings {
  if (!/^[A-Za-z0-9_-]+$/.test(options.name)) {
    throw wrongOption('name', `A provider's name has letters, digits, "-" and "_" only, not "${options.name}".`);
  }
  return {
    name: options.name,
    ...readBaseUrl(options),
    apiKey: options.apiKey,
    headers: options.headers ?? {},
    models: readModels(options.models),
    slots: positive('slots', options.slots),
    price: options.price,
    deadlines: readDeadlines(options.deadlines),
    discoveryIntervalMs: positive('discoveryIntervalMs', options.discoveryIntervalMs) ?? 30_000,
    kind: options.kind ?? 'auto',
    requireDone: options.requireDone ?? true,
    log: options.log ?? silentLog,
  };
}

function readBaseUrl({
  name,
  baseUrl,
}: OpenAIProviderOptions): Pick<OpenAISettings, 'origin' | 'basePath' | 'rootPath'> {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw wrongOption('baseUrl', `Provider ${name}: baseUrl must be like http://host:11434/v1.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw wrongOption('baseUrl', `Provider ${name}: put the key in apiKey, not into baseUrl.`);
  }
  if (url.search !== '' || url.hash !== '') {
    throw wrongOption('baseUrl', `Provider ${name}: baseUrl must not have a query or fragment.`);
  }
  const path = url.pathname.replace(/\/+$/, '');
  const basePath = path === '' ? '/v1' : path;
  return { origin: url.origin, basePath, rootPath: basePath.replace(/\/v1$/, '') };
}

function readModels(models: OpenAIProviderOptions['models']): OpenAISettings['models'] {
  if (models === undefined) return undefined;
  if (isList(models)) return new Map(models.map((name) => [name, {}]));
  return new Map(
    Object.entries(models).map(([name, model]) => [name, typeof model === 'string' ? { upstream: model } : model]),
  );
}

const isList = (models: NonNullable<OpenAIProviderOptions['models']>): models is readonly string[] =>
  Array.isArray(models);

function readDeadlines(given: Partial<CallDeadlines> = {}): CallDeadlines {
  for (const [name, value] of Object.entries(given)) positive(`deadlines.${name}`, value);
  return { ...defaultDeadlines, ...given };
}

function positive(param: string, value: number | undefined): number | undefined {
  if (value !== undefined && !(value > 0)) throw wrongOption(param, `${param} must be above 0, not ${value}.`);
  return value;
}

const wrongOption = (param: string, message: string) => new GatewayError('invalid-request', message, { param });
