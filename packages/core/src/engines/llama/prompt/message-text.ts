import type { ChatMessage } from '@anura/openapi';
import { GatewayError } from '../../../errors/gateway-error.ts';

/** The text of a message. Text parts are joined; this engine sees no images and refuses them by name. */
export function messageText(content: ChatMessage['content'], param: string): string {
  if (content === null || content === undefined) return '';
  if (typeof content === 'string') return content;
  return content.map((part, index) => partText(part, `${param}[${index}]`)).join('');
}

function partText(part: { type: string; text?: string }, param: string): string {
  if (part.type === 'text') return part.text ?? '';
  throw new GatewayError(
    'invalid-request',
    `This model reads text only; a part of type ${JSON.stringify(part.type)} is not possible. Use a model with the capability vision.`,
    { param },
  );
}
