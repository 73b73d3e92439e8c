import ipaddr from 'ipaddr.js';
import { GatewayError } from '../errors/gateway-error.ts';
import { isReachable, type Reach } from '../network/reach.ts';

const mostCharacters = 2_000;

/**
 * Throws `invalid-request` for an address that will never be called: not HTTP, with a login, or in a network out of reach.
 * Names are judged again at every try, when they are looked up.
 */
export function checkWebhookUrl(text: string, reach: Reach): void {
  const why = whyNotUrl(text, reach);
  if (why === undefined) return;
  throw new GatewayError('invalid-request', `webhook_url cannot be called: ${why}.`, { param: 'webhook_url' });
}

export function whyNotUrl(text: string, reach: Reach): string | undefined {
  if (text.length > mostCharacters) return `it has more than ${mostCharacters} characters`;
  if (!URL.canParse(text)) return 'it is not a URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'it must begin with https:// or http://';
  if (url.username !== '' || url.password !== '') return 'it holds a login; webhooks are signed instead';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host) && !isReachable(host, reach)) return privateNetwork;
  return reach === 'public' && isLocalName(host) ? privateNetwork : undefined;
}

export const privateNetwork = 'it leads into a private network';

/** Names that mean this machine wherever they are looked up (RFC 6761). */
const isLocalName = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost');
