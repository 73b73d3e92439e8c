import { type CallOptions, call } from './call.js';
import { streamChat } from './chat-stream.js';
import { type AnuraOptions, connectionFrom } from './connection.js';
import { fetchBytes, type MadeBytes } from './fetch-bytes.js';
import { createClient, createConfig } from './generated/client/index.js';
import * as api from './generated/index.js';
import { fetchOutcome } from './job-result.js';
import { type WaitOptions, waitForJob } from './wait-for-job.js';

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
    /** The PNG. The signal, or leaving otherwise, cancels the drawing. */
    generateImage: (body: api.ImageRequest, options?: CreateOptions): Promise<MadeBytes> =>
      fetchBytes(
        connection,
        { method: 'POST', path: '/image/generate', body, headers: createHeaders(options) },
        options,
      ),
    createImage: (body: api.OpenAiImageRequest, options?: CreateOptions) =>
      call(connection, options, (signal) => api.createImage({ client, signal, body, headers: createHeaders(options) })),
    /** The recording, WAV unless `response_format` says otherwise. */
    createSpeech: (body: api.SpeechRequest, options?: CreateOptions): Promise<MadeBytes> =>
      fetchBytes(connection, { method: 'POST', path: '/audio/speech', body, headers: createHeaders(options) }, options),
    createVideoJob: async (body: api.VideoJobRequest, options?: CreateOptions) =>
      (
        await call(connection, options, (signal) =>
          api.createVideoJob({ client, signal, body, headers: createHeaders(options) }),
        )
      ).data,
    createAudioJob: async (body: api.AudioJobRequest, options?: CreateOptions) =>
      (
        await call(connection, options, (signal) =>
          api.createAudioJob({ client, signal, body, headers: createHeaders(options) }),
        )
      ).data,
    getVideoResult: (jobOfferId: string, callOptions?: CallOptions) =>
      fetchOutcome(connection, `/video/results/${encodeURIComponent(jobOfferId)}`, callOptions),
    getAudioResult: (jobOfferId: string, callOptions?: CallOptions) =>
      fetchOutcome(connection, `/audio/results/${encodeURIComponent(jobOfferId)}`, callOptions),
    webSearch: (body: api.WebSearchRequest, callOptions?: CallOptions) =>
      call(connection, callOptions, (signal) => api.webSearch({ client, signal, body })),
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
    listJobs: async (query: JobsQuery = {}, callOptions?: CallOptions) =>
      (await call(connection, callOptions, (signal) => api.listJobs({ client, signal, query }))).data,
    /** Resolves with the job as it is then; one that was over already stays as it was. */
    cancelJob: async (id: string, callOptions?: CallOptions) =>
      (await call(connection, callOptions, (signal) => api.cancelJob({ client, signal, path: { id } }))).data,
    /** Asks now and then until the job is over, well or not: look at `error` and `result`. */
    waitForJob: (id: string, options: WaitOptions = {}) =>
      waitForJob(
        async () => (await call(connection, options, (signal) => api.getJob({ client, signal, path: { id } }))).data,
        options,
      ),
    /** The bytes that a job made. */
    getJobResult: (id: string, callOptions?: CallOptions): Promise<MadeBytes> =>
      fetchBytes(connection, { method: 'GET', path: `/jobs/${encodeURIComponent(id)}/result` }, callOptions),
    listJobDeliveries: async (id: string, callOptions?: CallOptions) =>
      (await call(connection, callOptions, (signal) => api.listJobDeliveries({ client, signal, path: { id } }))).data
        .deliveries,
    redeliverJobWebhook: async (id: string, deliveryId: string, callOptions?: CallOptions) =>
      (
        await call(connection, callOptions, (signal) =>
          api.redeliverJobWebhook({ client, signal, path: { id, delivery_id: deliveryId } }),
        )
      ).data,
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

export type JobsQuery = NonNullable<api.ListJobsData['query']>;

export type CreateOptions = CallOptions & {
  /** A text of your own, new for each thing you want made: asking again with it makes nothing twice. */
  idempotencyKey?: string | undefined;
  /** Answer when the job is over, or after so many seconds, 60 at most; for `createVideoJob` and `createAudioJob`. */
  waitSeconds?: number | undefined;
};

function createHeaders({ idempotencyKey, waitSeconds }: CreateOptions = {}): Record<string, string> {
  return {
    ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
    ...(waitSeconds === undefined ? {} : { Prefer: `wait=${Math.ceil(waitSeconds)}` }),
  };
}
