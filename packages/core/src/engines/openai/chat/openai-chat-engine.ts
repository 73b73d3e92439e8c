import type { ChatCompletionRequest } from '@anura/openapi';
import type { ChatEngine, ChatEngineChunk } from '../../chat-engine.ts';
import type { EngineCall } from '../../engine-call.ts';
import type { EngineParts } from '../engine-parts.ts';
import { readJson } from '../upstream/ask-json.ts';
import { CallWatch } from '../upstream/call-watch.ts';
import { EventTooLarge, readEvents } from '../upstream/event-stream.ts';
import type { UpstreamAnswer } from '../upstream/upstream.ts';
import { AnswerReader } from './answer-reader.ts';
import { refuseUnsupported, upstreamChatRequest } from './upstream-chat-request.ts';

const maxEventCharacters = 4 * 1024 * 1024;
const maxPlainAnswerBytes = 64 * 1024 * 1024;

/** Chat at an OpenAI-compatible upstream, streamed through. */
export class OpenAIChatEngine implements ChatEngine {
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  admit(request: ChatCompletionRequest, { offer }: EngineCall): void {
    refuseUnsupported(request, this.#parts.target(offer.model));
  }

  async *chat(request: ChatCompletionRequest, call: EngineCall): AsyncGenerator<ChatEngineChunk> {
    const { settings, upstream } = this.#parts;
    const json = upstreamChatRequest(request, this.#parts.target(call.offer.model));
    const watch = new CallWatch({ provider: settings.name, deadlines: settings.deadlines, signal: call.signal });
    try {
      const answer = await upstream.send({ method: 'POST', path: '/chat/completions', json, signal: watch.signal });
      const reader = new AnswerReader(request.n ?? 1, upstream);
      yield* this.#read(answer, reader, watch);
    } catch (error) {
      const failure = watch.signal.aborted ? watch.signal.reason : upstream.broken(error);
      this.#parts.failed(failure);
      throw failure;
    } finally {
      watch.close();
    }
  }

  async *#read(answer: UpstreamAnswer, reader: AnswerReader, watch: CallWatch): AsyncGenerator<ChatEngineChunk> {
    const { settings, upstream } = this.#parts;
    if (isEventStream(answer)) {
      yield* this.#readStream(answer, reader, watch);
    } else {
      const piece = reader.readWhole(await readJson(upstream, answer, maxPlainAnswerBytes));
      if (piece) yield piece;
    }
    yield reader.finish(settings.requireDone);
  }

  async *#readStream(
    { body }: UpstreamAnswer,
    reader: AnswerReader,
    watch: CallWatch,
  ): AsyncGenerator<ChatEngineChunk> {
    try {
      for await (const events of readEvents(body, maxEventCharacters)) {
        let passed = false;
        for (const event of events) {
          const piece = reader.read(event);
          if (!piece) continue;
          passed = true;
          watch.hold();
          yield piece;
          // The rest of the batch is here already; a caller who left meanwhile shall not get it.
          watch.signal.throwIfAborted();
        }
        if (passed) watch.token();
        if (reader.done) break;
      }
    } catch (error) {
      throw error instanceof EventTooLarge ? this.#parts.upstream.unreadable('sent an event that is too large') : error;
    } finally {
      leave(body, reader.done);
    }
  }
}

/** Plain JSON comes from upstreams that cannot stream this request. Without a content type a stream is assumed. */
function isEventStream({ contentType }: UpstreamAnswer): boolean {
  return contentType === '' || /^text\/event-stream\b/i.test(contentType);
}

/** After `[DONE]` the few bytes left are read, which frees the connection for the next call; before it, it is cut. */
function leave(body: UpstreamAnswer['body'], complete: boolean): void {
  if (complete) void body.dump({ limit: 16_384, signal: AbortSignal.timeout(1000) }).catch(() => undefined);
  else body.on('error', () => undefined).destroy();
}
