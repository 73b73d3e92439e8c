// What a consumer may write; it must compile.
import { AnuraError, type ChatCompletionRequest, createAnura } from '@anura/client';
import type { Job } from '@anura/openapi';

const anura = createAnura({ baseUrl: 'http://127.0.0.1:8484', apiKey: 'anr_1', retries: 1, timeoutMs: 5000 });
const request: ChatCompletionRequest = { model: 'tadpole', messages: [{ role: 'user', content: 'Hello' }] };

export async function talk(): Promise<string> {
  let said = '';
  try {
    for await (const text of anura.chat.stream(request).textDeltas()) said += text;
  } catch (error) {
    if (AnuraError.is(error)) return `${error.status} ${error.code}: ${error.message}`;
    throw error;
  }
  return said;
}

export async function film(signal: AbortSignal): Promise<Uint8Array> {
  const job = await anura.video.create({ model: 'tadpole-video', prompt: 'Two frogs' }, { signal });
  return (await job.result({ signal })).bytes;
}

export const isOver = (job: Job): boolean => job.job_state === 'ResultsAccepted';
