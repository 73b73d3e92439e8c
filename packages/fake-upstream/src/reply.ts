/** One event of a streamed answer. The kind lets a fault leave exactly that one out. */
export interface ReplyEvent {
  readonly kind: 'token' | 'finish' | 'usage' | 'done';
  readonly data: string;
}

/** What a route answers, before any fault. */
export type Reply =
  | {
      readonly kind: 'whole';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer;
      /** Tokens it took, for the time a real model would need. */
      readonly tokens: number;
    }
  | { readonly kind: 'stream'; readonly events: Iterable<ReplyEvent> };

export function jsonReply(value: unknown, { status = 200, tokens = 0, headers = {} } = {}): Reply {
  const body = Buffer.from(JSON.stringify(value));
  return { kind: 'whole', status, headers: { 'content-type': 'application/json', ...headers }, body, tokens };
}

export function bytesReply(contentType: string, body: Buffer): Reply {
  return { kind: 'whole', status: 200, headers: { 'content-type': contentType }, body, tokens: 0 };
}

/** A refusal, in the body OpenAI uses. Thrown by routes, answered by the server. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly param: string | null;

  constructor(
    status: number,
    message: string,
    { code = null, param = null }: { code?: string | null; param?: string | null } = {},
  ) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.param = param;
  }
}

export function refusalReply({ status, message, code, param }: Refusal): Reply {
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  const headers: Record<string, string> = status === 429 || status === 503 ? { 'retry-after': '1' } : {};
  return jsonReply({ error: { message, type, param, code } }, { status, headers });
}
