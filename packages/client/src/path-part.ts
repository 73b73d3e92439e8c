import { invalidOption } from './invalid-option.js';

/** An id or name as a part of a path, escaped. */
export function pathPart(name: string, value: unknown): string {
  checkPathPart(name, value);
  return encodeURIComponent(value);
}

/** A part that is empty would lead to another operation: `GET /jobs/` is the list of all. */
export function checkPathPart(name: string, value: unknown): asserts value is string {
  if (typeof value === 'string' && !/^\.{0,2}$/.test(value)) return;
  throw invalidOption(
    name,
    `The ${name} is ${value === '' ? 'empty' : JSON.stringify(value)}. Give the one the server gave.`,
  );
}
