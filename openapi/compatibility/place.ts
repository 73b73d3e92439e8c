import type { Contract } from './contract.ts';
import { lookUp, steps } from './pointer.ts';

export interface Place {
  /** `POST /chat/completions`; absent for what belongs to no operation. */
  readonly operation?: string;
  /** `request body.messages[].role`; empty for the operation itself. */
  readonly place: string;
}

/** Where a pointer points, in words a reader of the documentation knows. */
export function placeOf(contract: Contract, pointer: string): Place {
  const [room, path, method, part, ...rest] = steps(pointer);
  if (room !== 'paths' || path === undefined) return { place: steps(pointer).join('.') };
  if (method === undefined) return { operation: path, place: '' };
  return { operation: `${method.toUpperCase()} ${path}`, place: placeInOperation(contract, pointer, part, rest) };
}

function placeInOperation(
  contract: Contract,
  pointer: string,
  part: string | undefined,
  rest: readonly string[],
): string {
  if (part === 'requestBody') return `request body${inContent(rest)}`;
  if (part === 'responses') return inAnswer(rest);
  if (part === 'parameters') return inParameter(contract, pointer, rest);
  return part === 'security' ? '' : [part ?? '', ...rest].filter(Boolean).join('.');
}

function inAnswer([status, part, ...rest]: readonly string[]): string {
  if (status === undefined) return 'answers';
  if (part === 'headers') return `answer ${status}, header ${rest[0]}${inSchema(rest.slice(2))}`;
  return `answer ${status}${part === undefined ? '' : inContent([part, ...rest])}`;
}

function inParameter(contract: Contract, pointer: string, [index, , ...rest]: readonly string[]): string {
  if (index === undefined) return 'parameters';
  const parameter = lookUp(contract, pointer.split('/').slice(0, 6).join('/')) as
    | { name?: string; in?: string }
    | undefined;
  return `${parameter?.in ?? ''} parameter ${parameter?.name ?? index}${inSchema(rest)}`.trim();
}

/** What follows `content`: the media type, named only when it is not JSON, and the way into its schema. */
function inContent([, media, , ...rest]: readonly string[]): string {
  return `${media === undefined || media === 'application/json' ? '' : ` (${media})`}${inSchema(rest)}`;
}

/** The steps into a schema as one writes them in code: `.messages[].role`; branches as `(oneOf 2)`, counted from 1. */
function inSchema([step, name, ...rest]: readonly string[]): string {
  if (step === undefined) return '';
  if (step === 'properties' && name !== undefined) return `.${name}${inSchema(rest)}`;
  if (step === 'items') return `[]${inSchema(name === undefined ? [] : [name, ...rest])}`;
  if (/^(oneOf|anyOf|allOf)$/.test(step) && name !== undefined) return `(${step} ${Number(name) + 1})${inSchema(rest)}`;
  return `.${step}${inSchema(name === undefined ? [] : [name, ...rest])}`;
}
