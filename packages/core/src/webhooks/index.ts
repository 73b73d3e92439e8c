export { type WebhookDelivery, type WebhookEvent, type WebhookTry, webhookEvents } from './webhook-delivery.ts';
export { WebhookSender, type WebhookSenderOptions } from './webhook-sender.ts';
export type { WebhookStore } from './webhook-store.ts';
