/** A server under test, in a process of its own. Whoever starts it stops it. */
export interface Target {
  /** `direct` is the upstream itself. */
  readonly name: 'direct' | 'anura' | 'portkey';
  readonly pid: number;
  readonly origin: string;
  /** Where it takes chats. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** From starting its process to its first good answer. */
  readonly readyMs: number;
  stop(): Promise<void>;
}
