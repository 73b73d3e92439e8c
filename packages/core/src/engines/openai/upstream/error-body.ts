/** What upstreams say about an error, in whichever of their forms. */
export interface UpstreamErrorBody {
  readonly message: string | undefined;
  readonly param: string | undefined;
  readonly code: string | undefined;
  readonly type: string | undefined;
  /** vLLM and llama-server repeat the status in the body; in a stream it is the only one there is. */
  readonly status: number | undefined;
}

/**
 * Reads OpenAI's `{error: {message}}`, Ollama's `{error: "…"}`, vLLM's `{object: "error", message}` and FastAPI's
 * `{detail}`. Undefined when it is none of them.
 */
export function readErrorBody(value: unknown): UpstreamErrorBody | undefined {
  const body = asObject(value);
  if (!body) return undefined;
  const { error, detail } = body;
  if (typeof error === 'string') return { ...nothing, message: error };
  const inner = asObject(error) ?? (body['object'] === 'error' ? body : undefined);
  if (inner) return fromObject(inner);
  if (typeof detail === 'string') return { ...nothing, message: detail };
  return Array.isArray(detail) ? fromFastApi(detail) : undefined;
}

/** The same, from text that may be anything. */
export function parseErrorBody(text: string): UpstreamErrorBody | undefined {
  try {
    return readErrorBody(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const nothing: UpstreamErrorBody = {
  message: undefined,
  param: undefined,
  code: undefined,
  type: undefined,
  status: undefined,
};

function fromObject(error: Record<string, unknown>): UpstreamErrorBody {
  const { code } = error;
  return {
    message: text(error['message']),
    param: text(error['param']),
    code: text(code),
    type: text(error['type']),
    status: typeof code === 'number' ? code : undefined,
  };
}

/** `{detail: [{loc: ["body", "temperature"], msg: "…"}]}` */
function fromFastApi(detail: readonly unknown[]): UpstreamErrorBody {
  const first = asObject(detail[0]);
  const place = Array.isArray(first?.['loc']) ? first['loc'].filter((part) => part !== 'body').join('.') : undefined;
  return { ...nothing, message: text(first?.['msg']), param: place };
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
