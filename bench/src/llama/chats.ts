/** Chats to run at the same time. */
export interface ChatsOrder {
  readonly prompts: readonly string[];
  readonly maxTokens: number;
}

/** What came of them. */
export interface ChatsResult {
  /** Tokens of all answers together. */
  readonly tokens: number;
  /** From the first to the last of them, milliseconds. */
  readonly elapsedMs: number;
  readonly failed: number;
}

/** Something that runs chats: the server, or node-llama-cpp itself. Whoever starts it stops it. */
export interface ChatsRunner {
  run(order: ChatsOrder): Promise<ChatsResult>;
  stop(): Promise<void>;
}
