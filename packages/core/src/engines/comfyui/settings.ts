import { GatewayError } from '../../errors/gateway-error.ts';
import { readSettings } from '../openai/settings.ts';
import { createRedactor } from '../openai/upstream/redact.ts';
import type { ComfyDeadlines, ComfyLog, ComfyOptions } from './options.ts';

/** The options with defaults filled in and the address taken apart. */
export interface ComfySettings {
  readonly name: string;
  readonly origin: string;
  /** In front of `/prompt`; empty unless a proxy puts ComfyUI below a path. */
  readonly basePath: string;
  /** The operator's, with the key. */
  readonly headers: Readonly<Record<string, string>>;
  /** Makes the server's words fit for callers. */
  readonly redact: (text: string) => string;
  readonly price: number | undefined;
  readonly deadlines: ComfyDeadlines;
  readonly discoveryIntervalMs: number;
  readonly pollMs: number;
  readonly log: ComfyLog;
}

const defaultDeadlines: ComfyDeadlines = {
  connectMs: 2_000,
  answerMs: 30_000,
  silenceMs: 300_000,
  totalMs: 1_800_000,
};

const silentLog: ComfyLog = { info() {}, warn() {} };

/** Throws an `invalid-request` error that names the option at fault. */
export function readComfySettings(options: ComfyOptions): ComfySettings {
  const { name, baseUrl, apiKey, headers, deadlines = {}, discoveryIntervalMs = 30_000, pollMs = 1_000 } = options;
  if (!URL.canParse(baseUrl))
    throw wrong('baseUrl', `Provider ${name}: baseUrl must be like http://host:8188, not "${baseUrl}".`);
  // Name, address and key are held to the same rules as those of any upstream.
  const upstream = readSettings({
    name,
    baseUrl,
    ...(apiKey !== undefined && { apiKey }),
    ...(headers && { headers }),
  });
  for (const [key, value] of Object.entries({ ...deadlines, discoveryIntervalMs, pollMs })) {
    if (!(value > 0)) throw wrong(key, `Provider ${name}: ${key} must be above 0, not ${value}.`);
  }
  const redact = createRedactor(upstream);
  return {
    name,
    origin: upstream.origin,
    basePath: upstream.rootPath,
    headers: { ...headers, ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }) },
    redact: (text) => redact(text.replace(filePath, '***')),
    price: options.price,
    deadlines: { ...defaultDeadlines, ...deadlines },
    discoveryIntervalMs,
    pollMs,
    log: options.log ?? silentLog,
  };
}

/** ComfyUI's errors like to tell where it lives. */
const filePath = /(?<![\w.:/])(?:\/|[A-Za-z]:\\)[\w.-]+(?:[/\\][\w. -]*[\w.-])+/g;

const wrong = (param: string, message: string) => new GatewayError('invalid-request', message, { param });
