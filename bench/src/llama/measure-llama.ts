import type { ChatsRunner } from './chats.ts';
import { llamaPrompts } from './llama-prompts.ts';
import { startDirect } from './start-direct.ts';
import { startEmbedded } from './start-embedded.ts';

export interface LlamaPlan {
  readonly rounds: number;
  /** Most tokens of one answer. */
  readonly tokens: number;
  readonly say: (progress: string) => void;
}

/** One round with so many chats at the same time. */
export interface LlamaRound {
  readonly runner: 'direct' | 'embedded';
  readonly chats: number;
  readonly round: number;
  readonly tokensPerSecond: number;
}

export interface LlamaFigures {
  readonly rounds: readonly LlamaRound[];
  readonly failed: number;
}

export const concurrencies = [1, 4, 8] as const;

/** Runs the same chats through the server and in node-llama-cpp directly, in turns. */
export async function measureLlama(plan: LlamaPlan): Promise<LlamaFigures> {
  const direct = await startDirect();
  try {
    const embedded = await startEmbedded();
    try {
      return await measureRounds({ direct, embedded }, plan);
    } finally {
      await embedded.stop();
    }
  } finally {
    await direct.stop();
  }
}

async function measureRounds(
  runners: Record<LlamaRound['runner'], ChatsRunner>,
  plan: LlamaPlan,
): Promise<LlamaFigures> {
  const rounds: LlamaRound[] = [];
  let failed = 0;
  for (let round = 0; round <= plan.rounds; round++) {
    plan.say(`llama: round ${round} of ${plan.rounds}`);
    for (const chats of concurrencies) {
      const prompts = llamaPrompts(chats, round * 10 + chats);
      for (const runner of ['direct', 'embedded'] as const) {
        const result = await runners[runner].run({ prompts, maxTokens: plan.tokens });
        failed += result.failed;
        // The first round only warms up.
        if (round > 0)
          rounds.push({ runner, chats, round, tokensPerSecond: (result.tokens / result.elapsedMs) * 1000 });
      }
    }
  }
  return { rounds, failed };
}
