/** One mistake as the validator reports it. */
export interface ValidationMistake {
  readonly path?: string;
  readonly message?: string;
  readonly errorCode?: string;
}

/** A mistake in a caller's words: which field, what was expected. */
export interface FieldMistake {
  /** E.g. `messages[0].content`; empty when it is the body itself. */
  readonly param: string;
  readonly message: string;
}

/** Puts the validator's words into ours. */
export function describeMistake({ path = '', message = 'is not valid' }: ValidationMistake): FieldMistake {
  const param = fieldName(path);
  return { param, message: `${param || 'The body'} ${inWords(message)}.` };
}

/** `/body/messages/0/content` as callers write it: `messages[0].content`. A discriminator's path is the operation's own. */
function fieldName(path: string): string {
  if (path.startsWith('/api/v1/')) return 'kind';
  return path
    .replace(/^\/(?:body|query|params|headers)(?=\/|$)/, '')
    .split('/')
    .filter(Boolean)
    .map((step, at) => (/^\d+$/.test(step) ? `[${step}]` : at === 0 ? step : `.${step}`))
    .join('');
}

const rewrites: readonly [RegExp, (...found: string[]) => string][] = [
  [/^must have required property '(.+)'$/, () => 'is required'],
  [/^(?:'\w+' )?must be equal to one of the allowed values: (.+)$/, (values = '') => `must be one of ${values}`],
  [
    /^must NOT have fewer than (\d+) items$/,
    (count = '') => `must hold at least ${count} ${count === '1' ? 'item' : 'items'}`,
  ],
  [/^must NOT have more than (\d+) items$/, (count = '') => `must hold at most ${count} items`],
  [
    /^must NOT have fewer than (\d+) characters$/,
    (count = '') => `must have at least ${count} ${count === '1' ? 'character' : 'characters'}`,
  ],
  [/^must NOT have more than (\d+) characters$/, (count = '') => `must have at most ${count} characters`],
  [/^must match pattern "\^\((.+)\)\$"$/, (words = '') => `must be one of ${words.split('|').join(', ')}`],
  [/^must NOT have additional properties$/, () => 'is no field of this request'],
  [/^must be ([a-z]+(?:,[a-z]+)*)$/, (types = '') => `must be ${anyOf(types.split(','))}`],
];

function inWords(message: string): string {
  for (const [pattern, rewrite] of rewrites) {
    const found = pattern.exec(message);
    if (found) return rewrite(...found.slice(1));
  }
  return message.replace(/[.]$/, '');
}

const nouns: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  null: 'null',
};

/** `string,array,null` → `a string, an array or null`. */
function anyOf(types: readonly string[]): string {
  const words = types.map((type) => nouns[type] ?? type);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
