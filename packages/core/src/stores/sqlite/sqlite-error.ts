import { GatewayError } from '../../errors/gateway-error.ts';

/** SQLite's primary result codes, https://sqlite.org/rescode.html. Extended codes carry them in the low byte. */
const codes = {
  busy: 5,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
} as const;

/** Why it failed and what to do, by result code; without the file's name, since these reach callers. */
const explanations: Readonly<Record<number, string>> = {
  [codes.busy]: 'another process holds its lock. Try again; if it goes on, see which other program has the file open.',
  [codes.readOnly]: 'it may only be read. Give the user who runs Anura the right to write to it and its folder.',
  [codes.ioError]: 'the disk reported an error. See the system log.',
  [codes.corrupt]: 'it is damaged. Put back a copy, or move the file away to begin with an empty one.',
  [codes.full]: 'the disk is full. Make room and try again.',
  [codes.cannotOpen]: 'it cannot be opened. Give the user who runs Anura the right to write to it and its folder.',
  [codes.notADatabase]: 'it is not an SQLite database. Move the file away, or choose another data directory.',
};

/** An `internal` error in our words about what SQLite threw. `subject` is what was being used, e.g. `The database`. */
export function sqliteError(subject: string, thrown: unknown): GatewayError {
  if (GatewayError.is(thrown)) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const explanation = explanations[resultCode(thrown) ?? 0] ?? `${reason}.`;
  return new GatewayError('internal', `${subject} cannot be used: ${explanation}`, {
    retry: isBusy(thrown) ? 'here' : 'never',
    cause: thrown,
  });
}

export function isBusy(thrown: unknown): boolean {
  return resultCode(thrown) === codes.busy;
}

function resultCode(thrown: unknown): number | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('errcode' in thrown)) return undefined;
  return typeof thrown.errcode === 'number' ? thrown.errcode & 0xff : undefined;
}
