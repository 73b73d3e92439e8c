import { randomBytes } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error.ts';
import { type WallClock, wallClock } from '../jobs/durable/wall-clock.ts';
import type { Reach } from '../network/reach.ts';
import type { StoreLog } from '../stores/store-log.ts';
import { checkWebhookUrl } from './check-webhook-url.ts';
import { planDelivery } from './plan-delivery.ts';
import type { WebhookClient } from './webhook-client.ts';
import type { WebhookDelivery } from './webhook-delivery.ts';
import { signatureHeaders, signingSecret } from './webhook-signature.ts';
import type { ClaimedDelivery, WebhookStore } from './webhook-store.ts';

export interface WebhookSenderOptions {
  readonly store: WebhookStore;
  readonly log: StoreLog;
  /** The body of a message, JSON; the same each time it is asked for the same delivery. */
  readonly render: (delivery: WebhookDelivery) => string;
  /** Whether webhooks may go to private networks and this machine. Default false. */
  readonly allowPrivate?: boolean;
  readonly clock?: WallClock;
  /** How often to look for what is due, milliseconds. Default 1,000. */
  readonly lookMs?: number;
  /** For one try, milliseconds. Default 15,000. */
  readonly timeoutMs?: number;
  /** Tries at the same time. Default 16. */
  readonly concurrency?: number;
}

/**
 * Sends the webhooks of finished jobs: signed, again and again until they are taken or it has been days, across restarts. A
 * message may arrive twice, with the same id, when the process dies in the middle of a try. Whoever made it calls `start` and
 * `close`.
 */
export class WebhookSender {
  readonly #store: WebhookStore;
  readonly #log: StoreLog;
  readonly #render: (delivery: WebhookDelivery) => string;
  readonly #reach: Reach;
  readonly #clock: WallClock;
  readonly #lookMs: number;
  readonly #timeoutMs: number;
  readonly #concurrency: number;
  #client: Promise<WebhookClient> | undefined;
  readonly #stop = new AbortController();
  readonly #sending = new Set<Promise<void>>();
  #cancelTimer = () => {};
  #looking: Promise<void> = Promise.resolve();
  #secret: Promise<string> | undefined;
  #inTrouble = false;

  constructor(options: WebhookSenderOptions) {
    this.#store = options.store;
    this.#log = options.log;
    this.#render = options.render;
    this.#reach = options.allowPrivate ? 'local' : 'public';
    this.#clock = options.clock ?? wallClock;
    this.#lookMs = options.lookMs ?? 1_000;
    this.#timeoutMs = options.timeoutMs ?? 15_000;
    this.#concurrency = options.concurrency ?? 16;
  }

  /** Begins to send in the background. */
  start(): void {
    if (this.#stop.signal.aborted) return;
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(this.#lookMs, () => {
      this.#looking = this.#look().then(() => this.start());
    });
  }

  /** Throws `invalid-request` for an address that will never be called. */
  readonly check = (url: string): void => checkWebhookUrl(url, this.#reach);

  /** What this key's webhooks are signed with, for its owner. */
  async secretOf(keyId: string): Promise<string> {
    this.#secret ??= this.#store.masterSecret(randomBytes(32).toString('base64'));
    // A failure is not kept.
    this.#secret.catch(() => (this.#secret = undefined));
    return signingSecret(await this.#secret, keyId);
  }

  /** The deliveries of a job with all their tries, oldest first. The caller has seen to whose job it is. */
  deliveries(jobId: string): Promise<WebhookDelivery[]> {
    return this.#store.list(jobId);
  }

  /** Sends a delivery again, now, whatever became of it. Throws `not-found`. */
  async redeliver(jobId: string, deliveryId: string): Promise<WebhookDelivery> {
    const delivery = await this.#store.redeliver(jobId, deliveryId, this.#clock.now());
    if (delivery) return delivery;
    throw new GatewayError('not-found', 'This job has no webhook delivery with this id.', { param: 'delivery_id' });
  }

  /** Stops in the middle of what is being sent; it is tried again after a restart. Safe to call twice. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#cancelTimer();
    await this.#looking;
    await Promise.all(this.#sending);
    await (await this.#client)?.close();
  }

  async #look(): Promise<void> {
    try {
      for (;;) {
        const room = this.#concurrency - this.#sending.size;
        if (room <= 0 || this.#stop.signal.aborted) return;
        const nowMs = this.#clock.now();
        const due = await this.#store.claimDue(nowMs, nowMs + 2 * this.#timeoutMs + 5_000, room);
        for (const delivery of due) this.#begin(delivery);
        this.#inTrouble = false;
        if (due.length < room) return;
      }
    } catch (error) {
      this.#noteTrouble(error);
    }
  }

  #begin(delivery: ClaimedDelivery): void {
    const sending = this.#try(delivery)
      .catch((error) => this.#noteTrouble(error))
      .finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  async #try(delivery: ClaimedDelivery): Promise<void> {
    const { id, keyId, url, attempt, round } = delivery;
    const atMs = this.#clock.now();
    const body = this.#render(delivery);
    const headers = signatureHeaders(await this.secretOf(keyId), { id, atMs, body });
    this.#client ??= this.#openClient();
    const client = await this.#client;
    const sent = await client.send({ url, headers, body }, this.#stop.signal);
    // What this server broke off says nothing about the receiver: it is due again when the hold on it ends.
    if (this.#stop.signal.aborted && sent.status === null) return;
    const nowMs = this.#clock.now();
    const { status, error } = sent;
    const plan = planDelivery(sent, round, nowMs);
    await this.#store.settle(id, attempt, { try: { atMs, durationMs: nowMs - atMs, status, error }, ...plan });
    if (plan.state === 'given-up')
      this.#log.warn({ jobOfferId: delivery.jobId, delivery: id, reason: error }, 'A webhook was given up.');
  }

  /** Loaded by the first message: with its HTTP library it would be a sixth of the time until a server listens. */
  async #openClient(): Promise<WebhookClient> {
    const { WebhookClient } = await import('./webhook-client.ts');
    return new WebhookClient({ reach: this.#reach, timeoutMs: this.#timeoutMs });
  }

  #noteTrouble(error: unknown): void {
    if (this.#inTrouble) return;
    this.#inTrouble = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#log.warn({ reason }, 'Webhooks cannot be sent; it is tried again every moment.');
  }
}
