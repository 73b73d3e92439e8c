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

  /** One generator and not several that hand on: every layer costs each token two promises. */
  async *chat(request: ChatCompletionRequest, call: EngineCall): AsyncGenerator<ChatEngineChunk> {
    const { settings, upstream } = this.#parts;
    const watch = new CallWatch({ provider: settings.name, deadlines: settings.deadlines, signal: call.signal });
    const reader = new AnswerReader(request.n ?? 1, upstream);
    let stream: UpstreamAnswer['body'] | undefined;
    try {
      const answer = await this.#ask(request, call, watch);
      if (isEventStream(answer)) stream = answer.body;
      else yield* wholePiece(reader, await readJson(upstream, answer, maxPlainAnswerBytes));
      for await (const events of stream ? readEvents(stream, maxEventCharacters) : []) {
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
      yield reader.finish(settings.requireDone);
    } catch (error) {
      throw this.#failure(error, watch);
    } finally {
      if (stream) leave(stream, reader.done);
      watch.close();
    }
  }

  async #ask(request: ChatCompletionRequest, { offer }: EngineCall, { signal }: CallWatch): Promise<UpstreamAnswer> {
    const json = upstreamChatRequest(request, this.#parts.target(offer.model));
    return await this.#parts.upstream.send({ method: 'POST', path: '/chat/completions', json, signal });
  }

  #failure(error: unknown, watch: CallWatch): unknown {
    const { upstream } = this.#parts;
    const broken = error instanceof EventTooLarge ? upstream.unreadable('sent an event that is too large') : error;
    const failure = watch.signal.aborted ? watch.signal.reason : upstream.broken(broken);
    this.#parts.failed(failure);
    return failure;
  }
}

function* wholePiece(reader: AnswerReader, answer: unknown): Generator<ChatEngineChunk> {
  const piece = reader.readWhole(answer);
  if (piece) yield piece;
}

/** Plain JSON comes from upstreams that cannot stream this request. Without a content type a stream is assumed. */
function isEventStream({ contentType }: UpstreamAnswer): boolean {
  return contentType === '' || /^text\/event-stream\b/i.test(contentType);
}

const lastBytesMs = 1000;

/** After `[DONE]` the few bytes left are read, which frees the connection for the next call; before it, it is cut. */
function leave(body: UpstreamAnswer['body'], complete: boolean): void {
  body.on('error', () => undefined);
  if (!complete) body.destroy();
  if (body.closed || body.destroyed) return;
  const late = setTimeout(() => body.destroy(), lastBytesMs);
  body.once('close', () => clearTimeout(late)).resume();
}
