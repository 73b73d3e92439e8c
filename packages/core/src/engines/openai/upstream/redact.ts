import type { OpenAISettings } from '../settings.ts';

const longestMessage = 400;

/**
 * Makes an upstream's own words fit for callers: its key, headers, address and anything that looks like a key are taken out,
 * and the text is cut to one short line.
 */
export function createRedactor({ origin, apiKey, headers }: OpenAISettings): (text: string) => string {
  const { host, hostname } = new URL(origin);
  const secrets = [apiKey, ...Object.values(headers)].filter((secret) => secret !== undefined && secret.length >= 4);
  const addresses = [origin, host, hostname].sort((left, right) => right.length - left.length);
  const hidden = new RegExp(
    [
      ...secrets.map((secret) => escapePattern(secret ?? '')),
      // As whole words: a box may be called "ai".
      ...addresses.map((address) => `(?<![\\w.-])${escapePattern(address)}(?![\\w-])`),
    ].join('|'),
    'gi',
  );
  return (text) => {
    const plain = text
      .replace(hidden, '***')
      .replace(keyLike, '***')
      .replace(urlLike, '***')
      .replace(addressLike, '***');
    const line = plain.replace(/\s+/g, ' ').trim();
    return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line;
  };
}

const escapePattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const keyLike = /\bBearer\s+\S+|\b(?:sk|pk|hf|gsk|anr|key)[-_][A-Za-z0-9_*-]{8,}/gi;
const urlLike = /\bhttps?:\/\/[^\s"'<>)]+/gi;
const addressLike = /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g;
