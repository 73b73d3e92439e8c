import type { Connection } from './connection.js';
import type { CallOptions } from './exchange.js';
import type { Job, JobProgressEvent, JobStateEvent } from './generated/types.gen.js';
import { parseJson } from './parse-json.js';
import { streamEvents } from './stream-events.js';

/** Something that happened to a job. `done` has the whole job and is the last. */
export type JobEvent =
  | ({ type: 'state' } & JobStateEvent)
  | ({ type: 'progress' } & JobProgressEvent)
  | { type: 'done'; job: Job };

/** Everything that has happened to a job, and then what happens, until it is over. A stream that breaks off throws. */
export async function* jobEvents(
  connection: Connection,
  id: string,
  options?: CallOptions,
): AsyncGenerator<JobEvent, void, undefined> {
  const url = `${connection.url}/jobs/${encodeURIComponent(id)}/events`;
  const outgoing = { method: 'GET', url, headers: { Accept: 'text/event-stream' } };
  for await (const { event, data } of streamEvents(connection, outgoing, options)) {
    const content = parseJson(data);
    if (event === 'done') yield { type: 'done', job: content as Job };
    else if (event === 'state' || event === 'progress') yield { type: event, ...(content as object) } as JobEvent;
    // Anything else is of a newer server: the contract says that readers pass over what they do not know.
  }
}
