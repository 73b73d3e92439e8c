/** What one check found. */
export interface Finding {
  /** What was looked at, e.g. `database`. */
  readonly check: string;
  /** `warn` works but may not be meant; `fail` does not work. */
  readonly level: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do about it; absent when nothing needs doing. */
  readonly advice?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, level: 'ok', message };
}

export function warn(check: string, message: string, advice: string): Finding {
  return { check, level: 'warn', message, advice };
}

export function fail(check: string, message: string, advice: string): Finding {
  return { check, level: 'fail', message, advice };
}
