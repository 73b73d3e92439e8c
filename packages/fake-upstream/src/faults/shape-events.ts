import type { ReplyEvent } from '../reply.ts';
import type { Faults } from './fault.ts';

/** Leaves out, breaks or cuts what the faults say. Timing and the connection are the sender's. */
export function* shapeEvents(events: Iterable<ReplyEvent>, faults: Faults): Generator<ReplyEvent> {
  let index = 0;
  for (const event of events) {
    if (index === faults.truncateAfter) return;
    if (index === faults.errorAfter) return yield errorEvent;
    const shaped = shapeEvent(event, index, faults);
    if (shaped) {
      yield shaped;
      index++;
    }
  }
}

const errorEvent: ReplyEvent = {
  kind: 'token',
  data: '{"error":{"message":"The model crashed while answering.","type":"server_error","param":null,"code":null}}',
};

function shapeEvent(event: ReplyEvent, index: number, faults: Faults): ReplyEvent | undefined {
  if (faults.noDone && event.kind === 'done') return undefined;
  if (faults.noUsage && event.kind === 'usage') return undefined;
  if (faults.noFinish && event.kind === 'finish') return undefined;
  if (faults.badJson && index === 1) return { ...event, data: event.data.slice(0, -3) };
  if (faults.odd && event.kind !== 'done') return { ...event, data: oddData(event.data) };
  return event;
}

function oddData(data: string): string {
  const chunk = JSON.parse(data);
  for (const choice of chunk.choices) {
    choice.finish_reason ??= '';
    if (choice.delta.reasoning_content !== undefined) {
      choice.delta.reasoning = choice.delta.reasoning_content;
      delete choice.delta.reasoning_content;
    }
    for (const call of choice.delta.tool_calls ?? []) {
      delete call.index;
      delete call.id;
    }
  }
  return JSON.stringify(chunk);
}

/** CR LF, a comment first, and cuts every 31 bytes, so that characters of several bytes come apart. */
export function roughen(text: string): Buffer[] {
  const bytes = Buffer.from(`: still here\r\n${text.replaceAll('\n', '\r\n')}`);
  const parts: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += 31) parts.push(bytes.subarray(start, start + 31));
  return parts;
}
