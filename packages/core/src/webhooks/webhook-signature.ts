import { createHmac } from 'node:crypto';

/** Standard Webhooks, https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const secretPrefix = 'whsec_';

/**
 * The secret a key's webhooks are signed with, `whsec_…`. It comes from the server's own and never changes, so it can be
 * shown again and is kept nowhere.
 */
export function signingSecret(masterSecret: string, keyId: string): string {
  const bytes = createHmac('sha256', Buffer.from(masterSecret, 'base64')).update(`webhooks/${keyId}`).digest();
  return secretPrefix + bytes.toString('base64');
}

/** The headers that let a receiver be sure who sent the body, when, and that it is whole. */
export function signatureHeaders(
  secret: string,
  message: { readonly id: string; readonly atMs: number; readonly body: string },
): Record<string, string> {
  const timestamp = String(Math.floor(message.atMs / 1000));
  const signature = createHmac('sha256', Buffer.from(secret.slice(secretPrefix.length), 'base64'))
    .update(`${message.id}.${timestamp}.${message.body}`)
    .digest('base64');
  return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
