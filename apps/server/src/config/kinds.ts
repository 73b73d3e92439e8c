import { z } from 'zod';
import { durations, type Quantity, sizes } from './quantities.ts';
import { Secret } from './secret.ts';

/**
 * A kind of value: how it is read, what to say when it cannot be, and how it is written back.
 * `schema` takes what YAML gives and what a flag or a variable says as text.
 */
export interface Kind<T> {
  readonly schema: z.ZodType<T>;
  /** Completes "expected …". */
  readonly expected: string;
  /** The same for what stands inside a list or a mapping, and for the names in a mapping. */
  readonly expectedItem?: string;
  readonly expectedName?: string;
  /** Stands for the value in the help: `--port <number>`. */
  readonly placeholder: string;
  /** Back to how one would write it in the file. */
  print(value: T): unknown;
  /** The unit at the end of its name in code, which the file does without. */
  readonly unit?: 'Ms' | 'Bytes';
  /** Relative values are resolved against the place they were written in. */
  readonly path?: true;
  /** Never shown, in messages neither. */
  readonly secret?: true;
  /** A switch is a flag without a value: `--docs`, `--no-docs`. */
  readonly switch?: true;
  /** Too much structure for a flag or a variable. */
  readonly fileOnly?: true;
}

const same = (value: unknown) => value;

/** Text where only text makes sense, e.g. a name. */
export function text(expected: string, pattern: RegExp): Kind<string> {
  return { schema: z.string().regex(pattern), expected, placeholder: 'name', print: same };
}

export const host = text('a host name or an IP address', /^[A-Za-z0-9._:-]{1,253}$/);
export const modelName = text('a model name without spaces', /^[^\s\p{Cc}]{1,256}$/u);
export const providerName = text('letters, digits, "-" and "_", 64 at most', /^[A-Za-z0-9_-]{1,64}$/);
export const variableName = text('the name of an environment variable', /^[A-Za-z_][A-Za-z0-9_]*$/);

export const path: Kind<string> = {
  schema: z.string().regex(/^[^\0]+$/),
  expected: 'the path of a folder',
  placeholder: 'folder',
  print: same,
  path: true,
};

export function integer(min: number, max: number): Kind<number> {
  const schema = z.preprocess(numberFromText, z.int().min(min).max(max));
  return { schema, expected: `a whole number from ${min} to ${max}`, placeholder: 'number', print: same };
}

export function number(min: number, max: number): Kind<number> {
  const schema = z.preprocess(numberFromText, z.number().min(min).max(max));
  return { schema, expected: `a number from ${min} to ${max}`, placeholder: 'number', print: same };
}

const words = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, false] as const),
]);

export const boolean: Kind<boolean> = {
  schema: z.preprocess((raw) => (typeof raw === 'string' ? (words.get(raw.toLowerCase()) ?? raw) : raw), z.boolean()),
  expected: 'true or false',
  placeholder: 'true|false',
  print: same,
  switch: true,
};

/** `off` is also what YAML's older readers made `false`, so that is understood where `off` is a choice. */
export function choice<const Word extends string>(...choices: readonly [Word, ...Word[]]): Kind<Word> {
  const schema = z.preprocess((raw) => (raw === false ? 'off' : raw), z.enum(choices));
  return { schema, expected: `one of ${choices.join(', ')}`, placeholder: choices.join('|'), print: same };
}

/** A duration within two others, all as one writes them. */
export function duration(min: string, max: string): Kind<number> {
  const expected = `a duration from ${min} to ${max}, like 30s or 10m`;
  return { ...amount(durations, min, max), expected, placeholder: 'duration', unit: 'Ms' };
}

/** A size within two others, all as one writes them. */
export function size(min: string, max: string): Kind<number> {
  const expected = `a size from ${min} to ${max}, like 20mb`;
  return { ...amount(sizes, min, max), expected, placeholder: 'size', unit: 'Bytes' };
}

function amount({ parse, print }: Quantity, min: string, max: string) {
  const inRange = z
    .int()
    .min(parse(min) ?? 0)
    .max(parse(max) ?? 0);
  return { schema: z.preprocess((raw) => parse(String(raw)), inRange), print };
}

/** A kind that can also be switched off: `undefined` in code, `off` in the file. */
export function orOff<T>(kind: Kind<T>): Kind<T | undefined> {
  const off = z.literal(['off', false]).transform(() => undefined);
  return {
    ...kind,
    schema: z.union([off, kind.schema]),
    expected: `${kind.expected}, or off`,
    print: (value) => (value === undefined ? 'off' : kind.print(value)),
  };
}

/** A kind that can also be left to Anura. */
export function orAuto<T>(kind: Kind<T>): Kind<T | 'auto'> {
  return {
    ...kind,
    schema: z.union([z.literal('auto'), kind.schema]),
    expected: `${kind.expected}, or auto`,
    print: (value) => (value === 'auto' ? value : kind.print(value)),
  };
}

/** A kind that may be missing altogether. */
export function orNothing<T>(kind: Kind<T>): Kind<T | undefined> {
  return { ...kind, schema: kind.schema.optional(), print: (value) => value && kind.print(value) };
}

/** A list of one kind: a YAML list, or text with commas. */
export function listOf<T>(kind: Kind<T>): Kind<readonly T[]> {
  const split = (raw: unknown) => (typeof raw === 'string' ? raw.split(',').map((item) => item.trim()) : raw);
  return {
    schema: z.preprocess(split, z.array(kind.schema).max(1000)),
    expected: `a list, each item ${kind.expected}`,
    expectedItem: kind.expected,
    placeholder: `${kind.placeholder},…`,
    print: (items) => items.map(kind.print),
  };
}

/** A mapping from names to one kind. A Map, because a name from outside may be `constructor`. */
export function mapOf<T>(key: Kind<string>, value: Kind<T>): Kind<ReadonlyMap<string, T>> {
  const pairs = z.record(key.schema as z.ZodType<string, string>, value.schema);
  return {
    schema: pairs.transform((record) => new Map(Object.entries(record))),
    expected: `a mapping from ${key.expected} to ${value.expected}`,
    expectedItem: value.expected,
    placeholder: 'mapping',
    expectedName: key.expected,
    print: (map) => Object.fromEntries([...map].map(([name, item]) => [name, value.print(item)])),
    fileOnly: true,
    ...(value.secret && { secret: true }),
  };
}

/** An upstream's address. Credentials in it would end up in logs, a query nowhere. */
export const httpUrl: Kind<string> = {
  schema: z
    .url({ protocol: /^https?$/ })
    .refine((url) => plainUrl(url))
    .transform((url) => url.replace(/\/+$/, '')),
  expected: 'an http(s) URL without user, password, ? or #',
  placeholder: 'url',
  print: same,
};

function plainUrl(url: string): boolean {
  const { username, password, search, hash } = new URL(url);
  return username + password + search + hash === '';
}

/** Something to keep to oneself. Printable ASCII without spaces, so that it can stand in a header. */
export function secret(maxLength: number): Kind<Secret> {
  const schema = z
    .string()
    .regex(/^[!-~]+$/)
    .max(maxLength)
    .transform((value) => new Secret(value));
  return {
    schema,
    expected: `1 to ${maxLength} printable characters without spaces`,
    placeholder: 'key',
    print: String,
    secret: true,
  };
}

/** The value of a header of our own choosing. */
export const headerValue: Kind<Secret> = {
  schema: z
    .string()
    .regex(/^[ -~]{0,4096}$/)
    .transform((value) => new Secret(value)),
  expected: 'printable text',
  placeholder: 'text',
  print: String,
  secret: true,
};

function numberFromText(raw: unknown): unknown {
  return typeof raw === 'string' && /^-?\d+(\.\d+)?$/.test(raw) ? Number(raw) : raw;
}
