import { Pool } from 'undici';
import { startAnura } from '../servers/start-anura.ts';
import type { ChatsRunner } from './chats.ts';

/** Starts an Anura server with the bundled model loaded, to be asked over HTTP, streamed. */
export async function startEmbedded(): Promise<ChatsRunner> {
  const server = await startAnura({ settings: { llama: { gpu: 'off', preload: ['tadpole'] } } });
  const pool = new Pool(server.origin, { headersTimeout: 60_000, bodyTimeout: 60_000 });

  /** Tokens of the answer, or undefined when it failed. */
  async function chat(prompt: string, maxTokens: number): Promise<number | undefined> {
    const messages = [{ role: 'user', content: prompt }];
    const asked = { model: 'tadpole', messages, max_tokens: maxTokens, temperature: 0, stream: true };
    const { path, headers } = server;
    const { statusCode, body } = await pool.request({ method: 'POST', path, headers, body: JSON.stringify(asked) });
    const text = await body.text();
    const tokens = /"completion_tokens":(\d+)(?!.*"completion_tokens")/s.exec(text)?.[1];
    return statusCode === 200 && text.endsWith('data: [DONE]\n\n') ? Number(tokens) : undefined;
  }

  return {
    async run({ prompts, maxTokens }) {
      const startedAt = performance.now();
      const answers = await Promise.all(prompts.map((prompt) => chat(prompt, maxTokens)));
      const elapsedMs = performance.now() - startedAt;
      const tokens = answers.reduce<number>((sum, count) => sum + (count ?? 0), 0);
      return { tokens, elapsedMs, failed: answers.filter((count) => count === undefined).length };
    },
    async stop() {
      await pool.destroy();
      await server.stop();
    },
  };
}
