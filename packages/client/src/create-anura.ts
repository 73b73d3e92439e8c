import { answerError } from './answer-error.js';
import { type ChatOptions, ChatStream } from './chat-stream.js';
import { type AnuraOptions, connectionFrom } from './connection.js';
import type { CallOptions } from './exchange.js';
import * as api from './generated/sdk.gen.js';
import type * as wire from './generated/types.gen.js';
import { jobEvents } from './job-events.js';
import { jobHandle } from './job-handle.js';
import { fetchOutcome } from './job-outcome.js';
import { type CreateOptions, createHeaders, fetchMade, type MadeBytes, madeBytes, make } from './made-bytes.js';
import { operationsClient } from './operations-client.js';
import { pathPart } from './path-part.js';
import { type WaitOptions, waitForJob } from './wait-for-job.js';

/**
 * A client of one server. Each method is one operation of the contract; those that answer in an envelope resolve to its
 * `data`. They throw an `AnuraError`, or the reason of your signal.
 *
 * @example
 * const anura = createAnura({ baseUrl: 'http://localhost:8484', apiKey: 'anr_…' });
 * const messages = [{ role: 'user' as const, content: 'Where do frogs sleep?' }];
 * const stream = anura.chat.stream({ model: 'tadpole', messages });
 * for await (const text of stream.textDeltas()) process.stdout.write(text);
 */
export function createAnura(options: AnuraOptions) {
  const connection = connectionFrom(options);
  const client = operationsClient(connection);

  const fetchResult = async (id: string, callOptions?: CallOptions): Promise<MadeBytes> =>
    madeBytes(await fetchMade(connection, `/jobs/${pathPart('id', id)}/result`, callOptions));
  const getJob = (id: string, callOptions?: CallOptions) =>
    enveloped(api.getJob({ client, ...callOptions, path: { id } }));
  const cancelJob = (id: string, callOptions?: CallOptions) =>
    enveloped(api.cancelJob({ client, ...callOptions, path: { id } }));
  const wait = (id: string, waitOptions?: WaitOptions) =>
    waitForJob(
      {
        get: (callOptions) => getJob(id, callOptions),
        events: (callOptions) => jobEvents(connection, id, callOptions),
      },
      waitOptions,
    );
  const handle = ({ job_offer_id }: { job_offer_id: string }) =>
    jobHandle(job_offer_id, { wait, fetchResult, cancel: cancelJob });

  return {
    /** What the generated operations of `@anura/client/operations` and `/react-query` take as their `client`. */
    client,
    chat: {
      /** The whole answer. `stream` is not looked at. */
      create: async (body: wire.ChatCompletionRequest, { signal, ...rest }: ChatOptions = {}) =>
        // The cast: the contract also has the text of a stream as an answer, which `stream: false` rules out.
        answer(
          api.createChatCompletion({
            client,
            signal,
            body: { ...body, stream: false },
            headers: createHeaders(rest),
          }) as Promise<{ data: wire.ChatCompletion; response: Response }>,
          'choices',
        ),
      /** The answer as it is made. Leaving the loop, or the signal, hangs up and stops the generation. */
      stream: (body: wire.ChatCompletionRequest, chatOptions?: ChatOptions) =>
        new ChatStream(connection, body, chatOptions),
    },
    embeddings: {
      create: (body: wire.EmbeddingRequest, callOptions?: CallOptions) =>
        answer(api.createEmbedding({ client, ...callOptions, body }), 'data'),
    },
    /** Draws a picture and resolves with the PNG. The signal cancels the drawing. */
    image: (body: wire.ImageRequest, createOptions?: CreateOptions) =>
      make(connection, '/image/generate', body, createOptions),
    images: {
      /** OpenAI's form: one or several pictures as base64. */
      generate: (body: wire.OpenAiImageRequest, { signal, ...rest }: CreateOptions = {}) =>
        answer(api.createImage({ client, signal, body, headers: createHeaders(rest) }), 'data'),
    },
    /** Speaks and resolves with the recording, WAV unless `response_format` says otherwise. The signal cancels it. */
    speech: (body: wire.SpeechRequest, createOptions?: CreateOptions) =>
      make(connection, '/audio/speech', body, createOptions),
    video: {
      /** @example const { bytes } = await anura.video.create({ model, prompt }).then((job) => job.result()); */
      create: async (body: wire.VideoJobRequest, { signal, ...rest }: CreateOptions = {}) =>
        handle(await enveloped(api.createVideoJob({ client, signal, body, headers: createHeaders(rest) }))),
      /** The animation, or that it is not ready yet. */
      result: async (id: string, callOptions?: CallOptions) =>
        fetchOutcome(connection, `/video/results/${pathPart('id', id)}`, callOptions),
    },
    audio: {
      /** A recording to come back for; `speech` waits for it. */
      create: async (body: wire.AudioJobRequest, { signal, ...rest }: CreateOptions = {}) =>
        handle(await enveloped(api.createAudioJob({ client, signal, body, headers: createHeaders(rest) }))),
      /** The recording, or that it is not ready yet. */
      result: async (id: string, callOptions?: CallOptions) =>
        fetchOutcome(connection, `/audio/results/${pathPart('id', id)}`, callOptions),
    },
    /** Searches the web, or the server's own documents. */
    search: (body: wire.WebSearchRequest, callOptions?: CallOptions) =>
      answer(api.webSearch({ client, ...callOptions, body }), 'results'),
    models: {
      list: (callOptions?: CallOptions) => enveloped(api.listModels({ client, ...callOptions })),
      get: (model: string, callOptions?: CallOptions) =>
        answer(api.getModel({ client, ...callOptions, path: { model } }), 'id'),
      /** The names of the models that make this. */
      names: async (kind: 'image' | 'video' | 'audio', callOptions?: CallOptions) =>
        (await enveloped(listNames[kind]({ client, ...callOptions }))).models,
    },
    jobs: {
      /** Newest first, a page at a time. */
      list: (query: JobsQuery = {}, callOptions?: CallOptions) =>
        enveloped(api.listJobs({ client, ...callOptions, query })),
      get: getJob,
      /** Resolves with the job as it is then; one that was over already stays as it was. */
      cancel: cancelJob,
      /** The bytes that a job made. Throws while there are none; `waitForJob` waits for them. */
      result: fetchResult,
      /** What has happened to the job, and then what happens, until it is over. A stream that breaks off throws. */
      events: (id: string, callOptions?: CallOptions) => jobEvents(connection, id, callOptions),
      deliveries: async (id: string, callOptions?: CallOptions) =>
        (await enveloped(api.listJobDeliveries({ client, ...callOptions, path: { id } }))).deliveries,
      redeliver: (id: string, deliveryId: string, callOptions?: CallOptions) =>
        enveloped(api.redeliverJobWebhook({ client, ...callOptions, path: { id, delivery_id: deliveryId } })),
    },
    /**
     * Resolves with the job when it is over, well or not: look at `error` and `result`. It follows the job's events, asks now
     * and then where those cannot be had, and bears a server that is away for a minute.
     */
    waitForJob: wait,
    keys: {
      /** Needs `admin`. The key itself is in this answer and nowhere else. */
      create: (body: wire.CreateKeyRequest = {}, callOptions?: CallOptions) =>
        enveloped(api.createKey({ client, ...callOptions, body })),
      /** Needs `admin`. */
      list: async (callOptions?: CallOptions) => (await enveloped(api.listKeys({ client, ...callOptions }))).keys,
      /** Needs `admin`. @param id the key's `id`, not the key. */
      revoke: (id: string, callOptions?: CallOptions) =>
        enveloped(api.revokeKey({ client, ...callOptions, path: { id } })),
    },
    usage: (query: UsageQuery = {}, callOptions?: CallOptions) =>
      enveloped(api.getUsage({ client, ...callOptions, query })),
    /** Where a request would go, and why not elsewhere, without running it. */
    explain: (body: wire.ExplainRequest, callOptions?: CallOptions) =>
      enveloped(api.explainRoute({ client, ...callOptions, body })),
    /** Needs no key. */
    health: (callOptions?: CallOptions) => enveloped(api.getHealth({ client, ...callOptions })),
  };
}

export type Anura = ReturnType<typeof createAnura>;

/** Which usage to report; days are `YYYY-MM-DD`, UTC, both included. */
export type UsageQuery = NonNullable<wire.GetUsageData['query']>;

export type JobsQuery = NonNullable<wire.ListJobsData['query']>;

const listNames = { image: api.listImageModels, video: api.listVideoModels, audio: api.listAudioModels };

/** @param member what every such answer has: JSON without it is not from Anura. */
const answer = async <Body extends object>(
  operation: Promise<{ data: Body; response: Response }>,
  member: keyof Body & string,
): Promise<Body> => {
  const { data, response } = await operation;
  if (data[member] === undefined) throw answerError(response, undefined);
  return data;
};

const enveloped = async <Data>(operation: Promise<{ data: { data: Data }; response: Response }>): Promise<Data> => {
  const { data: body, response } = await operation;
  if (typeof body.data !== 'object') throw answerError(response, undefined);
  return body.data;
};
