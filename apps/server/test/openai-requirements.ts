/** One promise to clients, and where it comes from. */
interface Requirement {
  readonly says: string;
  /** The page of OpenAI's API reference or guide, or `wire` for this project's own promises. */
  readonly source:
    | 'chat/create'
    | 'chat/streaming'
    | 'embeddings'
    | 'images'
    | 'audio/speech'
    | 'videos'
    | 'models'
    | 'errors'
    | 'rate limits'
    | 'wire';
}

/** What clients of OpenAI's API rely on. Every one is cited by a test through `proves`; a test fails when one is not. */
export const openaiRequirements = {
  'chat-plain': {
    source: 'chat/create',
    says: 'a plain answer is one chat.completion with id, created, model, choices',
  },
  'chat-content-string': { source: 'wire', says: 'content is always a string, "" beside tool calls' },
  'chat-usage': { source: 'chat/create', says: 'usage counts prompt and completion tokens, and total is their sum' },
  'chat-finish-stop': { source: 'chat/create', says: 'finish_reason is stop when the model ended by itself' },
  'chat-max-tokens': { source: 'chat/create', says: 'max_tokens bounds the answer, finish_reason is length' },
  'chat-max-completion-tokens': { source: 'chat/create', says: 'max_completion_tokens is the newer name and wins' },
  'chat-max-tokens-clamped': { source: 'wire', says: 'max_tokens larger than the context is clamped, not refused' },
  'chat-stop': { source: 'chat/create', says: 'stop, a text or up to four, ends the answer and is not part of it' },
  'chat-seed': { source: 'chat/create', says: 'the same seed and request give the same answer' },
  'chat-n': { source: 'chat/create', says: 'n gives that many choices, numbered from 0' },
  'chat-logprobs': { source: 'chat/create', says: 'logprobs come per token with top_logprobs alternatives' },
  'chat-roles': { source: 'wire', says: 'ai and human mean assistant and user; developer and system are taken' },
  'chat-content-parts': { source: 'chat/create', says: 'content may be parts' },
  'chat-multi-turn': { source: 'chat/create', says: 'the whole conversation is given with every request' },
  'chat-ollama-options': { source: 'wire', says: 'options with Ollama names fill what the top level leaves out' },
  'chat-unknown-fields': { source: 'wire', says: 'unknown fields are ignored' },
  'chat-null-fields': { source: 'chat/create', says: 'null means the same as leaving a field out' },
  'chat-images-data-only': { source: 'wire', says: 'images are data URLs of PNG or JPEG; a link is never fetched' },
  'chat-image-limit': { source: 'wire', says: 'an image over the model limit is refused naming the limit' },
  'chat-vision': { source: 'chat/create', says: 'an image part reaches a model that sees' },
  'chat-reasoning': { source: 'wire', says: 'thinking goes to reasoning_content, absent otherwise' },
  'chat-context-exceeded': { source: 'errors', says: 'a prompt over the context is 400 context_length_exceeded' },

  'stream-first-chunk': {
    source: 'chat/streaming',
    says: 'the first delta has the role assistant, and leaves at once',
  },
  'stream-deltas': { source: 'chat/streaming', says: 'content comes token by token and joins to the plain answer' },
  'stream-finish': { source: 'chat/streaming', says: 'exactly one chunk of each choice has its finish_reason' },
  'stream-usage': { source: 'wire', says: 'the last chunk has the usage whatever stream_options says' },
  'stream-choices-never-empty': { source: 'wire', says: 'no chunk has empty choices' },
  'stream-done': { source: 'chat/streaming', says: 'a complete stream ends with data: [DONE]' },
  'stream-data-lines-only': { source: 'wire', says: 'a stream has data lines only, no comments, events or ids' },
  'stream-chunk-schema': {
    source: 'chat/streaming',
    says: 'every chunk is a chat.completion.chunk of one id and model',
  },
  'stream-job-states': { source: 'wire', says: 'chunk ids tell the job state, from DealNegotiating on' },
  'stream-only-when-asked': { source: 'wire', says: 'only stream: true streams; Accept is ignored' },
  'stream-error': { source: 'wire', says: 'a failure after the beginning is one error event and no [DONE]' },
  'stream-n': { source: 'chat/streaming', says: 'chunks of several choices carry their index' },
  'stream-logprobs': { source: 'chat/streaming', says: 'logprobs come with the deltas they belong to' },
  'stream-abort': { source: 'chat/streaming', says: 'a client that leaves ends the generation' },

  'tools-auto': { source: 'chat/create', says: 'the model may call a tool; finish_reason is tool_calls' },
  'tools-required': { source: 'chat/create', says: 'required demands a call' },
  'tools-named': { source: 'chat/create', says: 'naming a function demands a call of it' },
  'tools-none': { source: 'chat/create', says: 'none forbids calls; no tool_calls key then' },
  'tools-call-shape': { source: 'chat/create', says: 'a call has id, type, name and arguments as a JSON string' },
  'tools-streamed': { source: 'chat/streaming', says: 'call deltas join by index to valid JSON arguments' },
  'tools-loop': { source: 'chat/create', says: 'a tool message answers the call and the model goes on' },
  'tools-empty': { source: 'wire', says: 'tools: [] means no tools' },
  'tools-limit': { source: 'chat/create', says: 'at most 128 tools' },
  'tools-unsupported': { source: 'wire', says: 'tools to a model that has none is 400' },

  'format-json-object': { source: 'chat/create', says: 'json_object answers parse as JSON objects' },
  'format-json-schema': { source: 'chat/create', says: 'json_schema answers satisfy the schema' },

  'embeddings-float': { source: 'embeddings', says: 'float vectors, one for each input, in order' },
  'embeddings-base64': { source: 'embeddings', says: 'base64 is the same vectors as little-endian floats' },
  'embeddings-inputs': { source: 'embeddings', says: 'input is a text, texts or tokens' },
  'embeddings-usage': { source: 'embeddings', says: 'usage has prompt_tokens and total_tokens' },

  'images-b64': { source: 'images', says: 'n pictures of the size as b64_json' },
  'images-size-refused': { source: 'wire', says: 'a size the model cannot draw is 400 naming the field' },
  'speech-wav': { source: 'audio/speech', says: 'the answer is the recording itself' },
  'speech-formats': { source: 'audio/speech', says: 'response_format names the form of the recording' },
  'videos-create': { source: 'videos', says: 'a video is created by a form and is queued or in progress' },
  'videos-retrieve': { source: 'videos', says: 'it tells status and progress until it is completed' },
  'videos-content': { source: 'videos', says: 'the content of a completed video is its bytes' },
  'videos-list': { source: 'videos', says: 'videos are listed newest first, a page after another' },
  'videos-delete': { source: 'videos', says: 'a deleted video has no content any more' },

  'models-list': { source: 'models', says: 'the list has id, object model, created and owned_by' },
  'models-retrieve': { source: 'models', says: 'one model by id, 404 model_not_found otherwise' },
  'models-capabilities': { source: 'wire', says: 'entries tell modality, capabilities, context and providers' },
  'models-by-modality': { source: 'wire', says: 'the lists by modality are names in an envelope' },

  'errors-shape': { source: 'errors', says: 'error has message, type, param and code; message and status repeat it' },
  'errors-400': { source: 'errors', says: 'a wrong request is 400 invalid_request_error naming the param' },
  'errors-401': { source: 'errors', says: 'a missing or unknown key is 401 invalid_api_key' },
  'errors-403': { source: 'errors', says: 'a key without the right is 403' },
  'errors-404': { source: 'errors', says: 'an unknown model is 404 model_not_found' },
  'errors-413': { source: 'wire', says: 'a body over the limit is 413' },
  'errors-415': { source: 'wire', says: 'a body that is not JSON in UTF-8 is 415' },
  'errors-429': {
    source: 'rate limits',
    says: 'over the rate is 429 with integer Retry-After and X-RateLimit headers',
  },
  'errors-queue-full': { source: 'wire', says: 'a full queue is 429 with Retry-After' },
  'errors-504': { source: 'wire', says: 'no slot in time is 504' },
  'errors-502': { source: 'wire', says: 'a provider that fails is 502, without its address or key' },

  'http-base-url-slash': { source: 'wire', says: 'a base URL that ends in / works, and so does /v1' },
  'http-x-api-key': { source: 'wire', says: 'X-API-Key is taken in place of Authorization' },
  'http-job-offer-id': { source: 'wire', says: 'every answer made by a job carries Job-Offer-Id' },
  'http-job-own': { source: 'wire', says: 'a key sees its own jobs only' },
  'http-request-id': { source: 'errors', says: 'every answer has an X-Request-Id, which the SDK shows as _request_id' },
  'http-cors': { source: 'wire', says: 'browsers may call from anywhere and read the named headers' },
  'http-no-content-type-on-get': { source: 'wire', says: 'GET requests need no Content-Type' },
} as const satisfies Record<string, Requirement>;

export type RequirementId = keyof typeof openaiRequirements;
