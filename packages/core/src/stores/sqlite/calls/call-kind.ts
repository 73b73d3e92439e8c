/**
 * What a call of a store needs. `read`: nothing is written. `quick`: a commit that survives the end of the process, but
 * perhaps not of the power. `durable`: a commit that is on the disk before the call resolves.
 */
export type CallKind = 'read' | 'quick' | 'durable';

/** Every method of a store and what it needs. */
export type CallKinds<Store> = Readonly<Record<keyof Store, CallKind>>;

/** The same store as it is where the database is: without promises, within somebody else's transaction. */
export type Synchronous<Store> = {
  [Method in keyof Store]: Store[Method] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result
    : never;
};
