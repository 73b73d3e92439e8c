import { type CallOptions, call } from './call.js';
import { streamChat } from './chat-stream.js';
import { type AnuraOptions, connectionFrom } from './connection.js';
import { createClient, createConfig } from './generated/client/index.js';
import * as api from './generated/index.js';

/**
 * A client of one server. Each method is one operation of the contract; those that answer in an envelope resolve to its
 * `data`. They throw an `AnuraError`, and send nothing twice.
 *
 * @example
 * const anura = createAnura({ baseUrl: 'http://localhost:8484', apiKey: 'anr_…' });
 * const messages = [{ role: 'user' as const, content: 'Where do frogs sleep?' }];
 * for await (const chunk of anura.streamChatCompletion({ model: 'tadpole', messages }))
 *   process.stdout.write(chunk.choices[0]?.delta.content ?? '');
 */
export function createAnura(options: AnuraOptions) {
  const connection = connectionFrom(options);
  const client = createClient(
    createConfig({
      baseUrl: connection.url,
      headers: connection.headers,
      fetch: connection.fetch,
      parseAs: 'json',
    }),
  );

  return {
    /** The whole answer. `stream` is not looked at; for a stream see `streamChatCompletion`. */
    // The cast: the contract also has the text of a stream as an answer, which `stream: false` rules out.
    createChatCompletion: (body: api.ChatCompletionRequest, callOptions?: CallOptions) =>
      call(connection, callOptions, (signal) =>
        api.createChatCompletion({ client, signal, body: { ...body, stream: false } }),
      ) as Promise<api.ChatCompletion>,
    /** The answer as it is made. Leaving the loop, or the signal, hangs up and stops the generation. */
    streamChatCompletion: (body: api.ChatCompletionRequest, callOptions?: CallOptions) =>
      streamChat(connection, body, callOptions),
    createEmbedding: (body: api.EmbeddingRequest, callOptions?: CallOptions) =>
      call(connection, callOptions, (signal) => api.createEmbedding({ client, signal, body })),
    listModels: async (callOptions?: CallOptions) =>
      (await call(connection, callOptions, (signal) => api.listModels({ client, signal }))).data,
    getModel: (model: string, callOptions?: CallOptions) =>
      call(connection, callOptions, (signal) => api.getModel({ client, signal, path: { model } })),
    listImageModels: async (callOptions?: CallOptions) =>
      (await call(connection, callOptions, (signal) => api.listImageModels({ client, signal }))).data.models,
    listVideoModels: async (callOptions?: CallOptions) =>
      (await call(connection, callOptions, (signal) => api.listVideoModels({ client, signal }))).data.models,
    listAudioModels: async (callOptions?: CallOptions) =>
      (await call(connection, callOptions, (signal) => api.listAudioModels({ client, signal }))).data.models,
    getJob: async (id: string, callOptions?: CallOptions) =>
      (await call(connection, callOptions, (signal) => api.getJob({ client, signal, path: { id } }))).data,
    explainRoute: async (body: api.ExplainRequest, callOptions?: CallOptions) =>
      (await call(connection, callOptions, (signal) => api.explainRoute({ client, signal, body }))).data,
    /** Needs `admin`. The key itself is in this answer and nowhere else. */
    createKey: async (body: api.CreateKeyRequest = {}, callOptions?: CallOptions) =>
      (await call(connection, callOptions, (signal) => api.createKey({ client, signal, body }))).data,
    /** Needs `admin`. */
    listKeys: async (callOptions?: CallOptions) =>
      (await call(connection, callOptions, (signal) => api.listKeys({ client, signal }))).data.keys,
    /** Needs `admin`. @param id the key's `id`, not the key. */
    revokeKey: async (id: string, callOptions?: CallOptions) =>
      (await call(connection, callOptions, (signal) => api.revokeKey({ client, signal, path: { id } }))).data,
    getUsage: async (query: UsageQuery = {}, callOptions?: CallOptions) =>
      (await call(connection, callOptions, (signal) => api.getUsage({ client, signal, query }))).data,
    /** Needs no key. */
    getHealth: async (callOptions?: CallOptions) =>
      (await call(connection, callOptions, (signal) => api.getHealth({ client, signal }))).data,
  };
}

export type Anura = ReturnType<typeof createAnura>;

/** Which usage to report; days are `YYYY-MM-DD`, UTC, both included. */
export type UsageQuery = NonNullable<api.GetUsageData['query']>;
