import type { ResourceOffer } from '../catalog/resource-offer.ts';
import {
  type BreakerOptions,
  type BreakerState,
  beginCall,
  type CallResult,
  closedBreaker,
  isReady,
  settleCall,
} from './circuit-breaker.ts';
import { ConversationMemory } from './conversation-memory.ts';
import type { ConversationPrefix } from './conversation-prefixes.ts';
import { addToAverage, type MovingAverage } from './moving-average.ts';
import type { OfferStanding } from './plan.ts';

const conversationsPerSlot = 4;
const fewestConversations = 16;
/** Fewer first tokens say too little about what is late. */
const fewestForLateness = 10;

/** The slots in use of offers that share them. */
export interface SlotGroup {
  busy: number;
}

/** An offer with what the scheduler learned about it: the one place where its standing changes. */
export class LiveOffer implements OfferStanding {
  offer: ResourceOffer;
  /** Its own requests under way. */
  running = 0;
  lastGrant = 0;
  granted = 0;
  faults = 0;
  breaker: BreakerState = closedBreaker;
  #service: MovingAverage | undefined;
  #firstToken: MovingAverage | undefined;
  readonly #conversations: ConversationMemory;
  readonly #group: SlotGroup | undefined;

  constructor(offer: ResourceOffer, group?: SlotGroup) {
    this.offer = offer;
    this.#group = group;
    this.#conversations = new ConversationMemory(Math.max(fewestConversations, conversationsPerSlot * offer.slots));
  }

  /** Slots in use, those of its group included. */
  get busy(): number {
    return this.#group ? this.#group.busy : this.running;
  }

  get measuredServiceMs(): number | undefined {
    return this.#service?.mean;
  }

  /** When a first token is later than nearly all before it, milliseconds; undefined while too few were seen. */
  get lateFirstTokenMs(): number | undefined {
    const seen = this.#firstToken;
    return seen && seen.count >= fewestForLateness ? seen.mean + 4 * seen.deviation : undefined;
  }

  isFree(nowMs: number): boolean {
    return this.busy < this.offer.slots && isReady(this.breaker, nowMs);
  }

  longestKnown(conversation: readonly ConversationPrefix[]): ConversationPrefix | undefined {
    return this.#conversations.longestKnown(conversation);
  }

  /** Takes a slot. True when the call is the probe of an offer under suspicion. */
  take(grant: number): boolean {
    this.running++;
    if (this.#group) this.#group.busy++;
    this.granted++;
    this.lastGrant = grant;
    this.breaker = beginCall(this.breaker);
    return this.breaker.phase === 'half-open';
  }

  sawFirstToken(afterMs: number, conversation: readonly ConversationPrefix[] | undefined): void {
    this.#firstToken = addToAverage(this.#firstToken, afterMs);
    if (conversation) this.#conversations.remember(conversation);
  }

  settle(result: CallResult, options: BreakerOptions): void {
    if (result.verdict === 'fault') this.faults++;
    this.breaker = settleCall(this.breaker, result, options);
  }

  /** Gives a slot back. `servedMs` only for a call that ran to its end. */
  giveBack(servedMs: number | undefined): void {
    this.running--;
    if (this.#group) this.#group.busy--;
    if (servedMs !== undefined) this.#service = addToAverage(this.#service, servedMs);
  }
}
