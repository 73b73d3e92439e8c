/** Tokens set aside for one request, and its place among the key's concurrent requests. */
export interface Reservation {
  readonly tokens: number;
  /**
   * Ends the request: `usedTokens` are charged, the rest is given back. 0 when nothing was delivered. Only the first call
   * counts; whoever reserved must call it.
   */
  settle(usedTokens: number): void;
}
