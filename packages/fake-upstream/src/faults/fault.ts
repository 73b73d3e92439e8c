/** What to do wrong with one answer. Nothing set means nothing wrong. */
export interface Faults {
  /** Answer this status with an error body; 429 and 503 carry `Retry-After: 1`. */
  readonly status?: number;
  /** Accept the request and never answer. */
  readonly hang?: true;
  /** Send this many events, then nothing more, with the connection open. */
  readonly hangAfter?: number;
  /** Send this many events, then reset the connection (TCP RST). */
  readonly resetAfter?: number;
  /** Send this many events, then end the answer as if it were complete. */
  readonly truncateAfter?: number;
  /** Send this many events, then an error event. */
  readonly errorAfter?: number;
  /** Wait between events, milliseconds. */
  readonly dripMs?: number;
  /** Wait before the first token, milliseconds. */
  readonly slowStartMs?: number;
  /** Break the JSON of the second event, or of the whole answer. */
  readonly badJson?: true;
  /** Answer 200 with an HTML page. */
  readonly html?: true;
  /** Answer one line of this many bytes without an end. */
  readonly hugeLine?: number;
  /** Answer 307 to this place. */
  readonly redirect?: string;
  /** Leave out `data: [DONE]`. */
  readonly noDone?: true;
  /** Leave out every `finish_reason`. */
  readonly noFinish?: true;
  /** Leave out the usage. */
  readonly noUsage?: true;
  /** Promise more bytes than are sent. */
  readonly wrongLength?: true;
  /** Send half of a picture, or of any other file, as if it were all of it. */
  readonly halfFile?: true;
  /** Send bytes that are no picture in place of a file. */
  readonly wrongFile?: true;
  /** ComfyUI: cut the client's WebSocket after this many events of its job. */
  readonly dropSocketAfter?: number;
  /** ComfyUI: after this many events of the job be like a process that died and came back: no queue, no history. */
  readonly restartAfter?: number;
  /** Send header lines without end. */
  readonly endlessHeaders?: true;
  /** End lines with CR LF, put comments between events, and cut the bytes anywhere: all legal, all seen in the wild. */
  readonly rough?: true;
  /** Habits of some upstreams: tool call pieces without `index` and `id`, `finish_reason: ""`, `reasoning` for `reasoning_content`. */
  readonly odd?: true;
}

type Reader = (value: string, name: string) => Faults;

const count =
  (make: (count: number) => Faults): Reader =>
  (value, name) => {
    const number = Number(value);
    if (value === '' || !Number.isSafeInteger(number) || number < 0) {
      throw new Error(`Fault ${name}: expected a whole number, for example ${name}=5`);
    }
    return make(number);
  };

const duration =
  (make: (milliseconds: number) => Faults): Reader =>
  (value, name) => {
    const match = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(value);
    if (!match) throw new Error(`Fault ${name}: expected a time, for example ${name}=200ms or ${name}=2s`);
    return make(Number(match[1]) * (match[2] === 's' ? 1000 : 1));
  };

const plain =
  (faults: Faults): Reader =>
  (value, name) => {
    if (value !== '') throw new Error(`Fault ${name} takes no value`);
    return faults;
  };

const readers: Record<string, Reader> = {
  status: count((status) => ({ status: checkStatus(status) })),
  hang: plain({ hang: true }),
  'hang-after': count((hangAfter) => ({ hangAfter })),
  'reset-after': count((resetAfter) => ({ resetAfter })),
  'truncate-after': count((truncateAfter) => ({ truncateAfter })),
  'error-after': count((errorAfter) => ({ errorAfter })),
  drip: duration((dripMs) => ({ dripMs })),
  'slow-start': duration((slowStartMs) => ({ slowStartMs })),
  'bad-json': plain({ badJson: true }),
  html: plain({ html: true }),
  'huge-line': (value, name) => count((hugeLine) => ({ hugeLine }))(value === '' ? '10000000' : value, name),
  redirect: (value) => ({ redirect: value === '' ? 'http://169.254.169.254/' : value }),
  'no-done': plain({ noDone: true }),
  'no-finish': plain({ noFinish: true }),
  'no-usage': plain({ noUsage: true }),
  'wrong-length': plain({ wrongLength: true }),
  'half-file': plain({ halfFile: true }),
  'wrong-file': plain({ wrongFile: true }),
  'drop-socket-after': count((dropSocketAfter) => ({ dropSocketAfter })),
  'restart-after': count((restartAfter) => ({ restartAfter })),
  'endless-headers': plain({ endlessHeaders: true }),
  rough: plain({ rough: true }),
  odd: plain({ odd: true }),
};

export const faultNames: readonly string[] = Object.keys(readers);

/** Reads `reset-after=5, drip=200ms`. Throws with the list of names when one is unknown. */
export function parseFaults(text: string): Faults {
  const parts = text.split(',').map((part) => part.trim());
  return Object.assign({}, ...parts.filter((part) => part !== '').map(parseFault));
}

function parseFault(text: string): Faults {
  const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(text) ?? [];
  const read = readers[name];
  if (!read) throw new Error(`There is no fault "${name}". Faults: ${faultNames.join(', ')}`);
  return read(value, name);
}

function checkStatus(status: number): number {
  if (status < 300 || status > 599) throw new Error('Fault status: expected 300 to 599, for example status=500');
  return status;
}
