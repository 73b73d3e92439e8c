import { AnuraError } from './anura-error.js';
import type { Connection } from './connection.js';
import { cutOffError } from './connection-error.js';
import type { CallOptions } from './exchange.js';
import type { Job, JobProgressEvent, JobStateEvent } from './generated/types.gen.js';
import { parseJson } from './parse-json.js';
import { pathPart } from './path-part.js';
import { streamEvents } from './stream-events.js';

/** Something that happened to a job. `done` has the whole job and is the last. */
export type JobEvent =
  | ({ type: 'state' } & JobStateEvent)
  | ({ type: 'progress' } & JobProgressEvent)
  | { type: 'done'; job: Job };

/**
 * Everything that has happened to a job, and then what happens, until it is over: `done` is the last. A stream that ends without
 * it throws.
 */
export async function* jobEvents(
  connection: Connection,
  id: string,
  options?: CallOptions,
): AsyncGenerator<JobEvent, void, undefined> {
  const url = `${connection.url}/jobs/${pathPart('id', id)}/events`;
  const outgoing = { method: 'GET', url, headers: { Accept: 'text/event-stream' } };
  for await (const { event, data } of streamEvents(connection, outgoing, options)) {
    const content = () => contentFrom(data, connection.url);
    if (event === 'state' || event === 'progress') yield { type: event, ...content() } as JobEvent;
    else if (event === 'done') return yield { type: 'done', job: content() as Job };
    // Anything else is of a newer server: the contract says that readers pass over what they do not know.
  }
  throw cutOffError(connection.url);
}

function contentFrom(data: string, url: string): object {
  const content = parseJson(data);
  if (typeof content === 'object' && content !== null) return content;
  throw new AnuraError(`${url} sent an event that says nothing of a job. Check the address.`, { code: 'not_the_api' });
}
