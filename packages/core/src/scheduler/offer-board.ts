import type { ResourceOffer } from '../catalog/resource-offer.ts';
import { LiveOffer, type SlotGroup } from './live-offer.ts';

/** A model whose provider went away is remembered this long, to tell "gone for now" from "never heard of". */
const rememberGoneMs = 600_000;

/** All offers as they stand now, found by model. Keeps what was learned about an offer while it is there or in use. */
export class OfferBoard {
  readonly #byId = new Map<string, LiveOffer>();
  #byModel = new Map<string, LiveOffer[]>();
  readonly #groups = new Map<string, SlotGroup>();
  readonly #goneAtMs = new Map<string, number>();

  /** Replaces the picture. An offer that is gone takes no new requests; those it has run on. */
  update(offers: readonly ResourceOffer[], nowMs: number): void {
    const before = this.#byModel;
    this.#byModel = new Map();
    const present = new Set<string>();
    for (const offer of offers) {
      if (present.has(offer.id)) continue;
      present.add(offer.id);
      this.#show(offer);
    }
    for (const [id, live] of this.#byId) {
      if (!present.has(id) && live.running === 0) this.#byId.delete(id);
    }
    this.#noteGone(before.keys(), nowMs);
  }

  ofModel(model: string): readonly LiveOffer[] {
    return this.#byModel.get(model) ?? [];
  }

  /** Those who may use a slot that this offer has given back: itself first, then its group, longest without a request first. */
  sharing(live: LiveOffer): readonly LiveOffer[] {
    const { slotGroup } = live.offer;
    if (slotGroup === undefined) return [live];
    const others = [...this.all()].filter((other) => other !== live && other.offer.slotGroup === slotGroup);
    return [live, ...others.sort((a, b) => a.lastGrant - b.lastGrant)];
  }

  /** Whether this very offer may still take requests. */
  shows(live: LiveOffer): boolean {
    return this.#byModel.get(live.offer.model)?.includes(live) ?? false;
  }

  models(): Iterable<string> {
    return this.#byModel.keys();
  }

  *all(): Generator<LiveOffer> {
    for (const offers of this.#byModel.values()) yield* offers;
  }

  /** How long ago the model's last provider went away, milliseconds; undefined when there was none lately. */
  goneForMs(model: string, nowMs: number): number | undefined {
    const goneAtMs = this.#goneAtMs.get(model);
    return goneAtMs === undefined || nowMs - goneAtMs > rememberGoneMs ? undefined : nowMs - goneAtMs;
  }

  #show(offer: ResourceOffer): void {
    const live = this.#byId.get(offer.id) ?? new LiveOffer(offer, this.#groupOf(offer));
    live.offer = offer;
    this.#byId.set(offer.id, live);
    const sameModel = this.#byModel.get(offer.model);
    if (sameModel) sameModel.push(live);
    else this.#byModel.set(offer.model, [live]);
  }

  #groupOf({ slotGroup }: ResourceOffer): SlotGroup | undefined {
    if (slotGroup === undefined) return undefined;
    const group = this.#groups.get(slotGroup) ?? { busy: 0 };
    this.#groups.set(slotGroup, group);
    return group;
  }

  #noteGone(modelsBefore: Iterable<string>, nowMs: number): void {
    for (const model of modelsBefore) if (!this.#byModel.has(model)) this.#goneAtMs.set(model, nowMs);
    for (const [model, goneAtMs] of this.#goneAtMs) {
      if (this.#byModel.has(model) || nowMs - goneAtMs > rememberGoneMs) this.#goneAtMs.delete(model);
    }
  }
}
