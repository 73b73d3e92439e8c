import { isDeepStrictEqual } from 'node:util';
import type { ResourceOffer } from '../../../catalog/resource-offer.ts';
import { GatewayError } from '../../../errors/gateway-error.ts';
import type { ComfyServer } from '../server/comfy-server.ts';
import type { ComfySettings } from '../settings.ts';
import type { Template } from '../template/template.ts';
import { makeOffer } from './make-offer.ts';
import { type ClassInfos, missingParts } from './missing-parts.ts';

const failuresUntilGone = 2;
const soonMs = 1_000;
const patienceMs = 10_000;

/**
 * Keeps the picture of which templates a server can run.
 *
 *   start ──► here ──failure──► doubtful (asked again after 1 s) ──failure──► gone: no offers
 *              ▲  ▲───success──────┘                                           │
 *              └────────────────────────────success────────────────────────────┘
 */
export class OfferWatch {
  readonly #settings: ComfySettings;
  readonly #server: ComfyServer;
  readonly #templates: readonly Template[];
  #runnable: readonly Template[] = [];
  #offers: readonly ResourceOffer[] = [];
  #lastRun: string | undefined;
  #failures = 0;
  #wasHere = false;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #leftOut = '';

  constructor(settings: ComfySettings, server: ComfyServer, templates: readonly Template[]) {
    this.#settings = settings;
    this.#server = server;
    this.#templates = templates;
  }

  /** A fresh array whenever something changed. */
  get offers(): readonly ResourceOffer[] {
    return this.#offers;
  }

  /** Asks the server now, and then on. Never throws; calls at the same time share one question. */
  refresh(): Promise<void> {
    this.#running ??= this.#refresh().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** A run ended: its model is the one in memory. */
  ran(model: string): void {
    this.#lastRun = model;
    this.#renew();
  }

  /** A run failed in a way that may have changed the picture: look soon instead of at the next turn. */
  suspect(): void {
    if (this.#failures === 0 && !this.#running) this.#schedule(0);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #refresh(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      this.#found(await this.#describeClasses());
    } catch (error) {
      this.#failed(error);
    }
    const doubtful = this.#failures > 0 && this.#failures < failuresUntilGone;
    this.#schedule(doubtful ? soonMs : this.#settings.discoveryIntervalMs);
  }

  async #describeClasses(): Promise<ClassInfos> {
    const nodes = this.#templates.flatMap(({ graph }) => Object.values(graph));
    const names = [...new Set(nodes.map(({ class_type: name }) => name))];
    // Class by class: all of them together are megabytes that ComfyUI is busy with for a while.
    const infos = names.map(async (name) => [name, await this.#server.describeClass(name, patienceMs)] as const);
    return new Map(await Promise.all(infos));
  }

  #found(classes: ClassInfos): void {
    const { name, log } = this.#settings;
    const verdicts = this.#templates.map((template) => ({ template, missing: missingParts(template, classes) }));
    this.#runnable = verdicts.filter(({ missing }) => missing.length === 0).map(({ template }) => template);
    this.#failures = 0;
    this.#renew();
    if (!this.#wasHere) log.info({ provider: name }, `Provider ${name} is here with ${this.#offers.length} workflows.`);
    this.#wasHere = true;
    this.#logLeftOut(verdicts.filter(({ missing }) => missing.length > 0));
  }

  #failed(error: unknown): void {
    if (this.#server.closed.aborted || ++this.#failures !== failuresUntilGone) return;
    const { name, log } = this.#settings;
    log.warn({ provider: name, error }, `Provider ${name} is gone: ${GatewayError.from(error).message}`);
    this.#wasHere = false;
    this.#runnable = [];
    this.#lastRun = undefined;
    this.#renew();
  }

  #renew(): void {
    const offers = this.#runnable.map((template) => makeOffer(this.#settings, template, this.#lastRun));
    if (!isDeepStrictEqual(offers, this.#offers)) this.#offers = offers;
  }

  /** Once per change, not once per refresh. */
  #logLeftOut(leftOut: readonly { template: Template; missing: readonly string[] }[]): void {
    const { name, log } = this.#settings;
    const words = leftOut.map(({ template, missing }) => `${template.name}: ${missing.join('; ')}`).join('. ');
    if (words === this.#leftOut) return;
    this.#leftOut = words;
    if (words !== '')
      log.warn({ provider: name }, `Provider ${name} does not offer workflows that it cannot run. ${words}.`);
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#server.closed.aborted) return;
    this.#timer = setTimeout(() => void this.refresh(), delayMs);
    this.#timer.unref();
  }
}
