import OpenAI from 'openai';
import { type RunningTestServer, testKey } from '../running-server.ts';

/** What the official SDK is pointed at, and what there is to ask. */
export interface SDKTarget {
  readonly server: RunningTestServer;
  readonly client: OpenAI;
  readonly chatModel: string;
  readonly embeddingModel: string;
  readonly dimensions: number;
  /** A question this model answers with the numbers from 1 to at least 6. */
  readonly counting: string;
  /** A question answered with twenty tokens or more. */
  readonly story: string;
}

/** The SDK as a stranger would set it up; it must not hide failures by trying again. */
export function sdkFor({ base }: RunningTestServer, apiKey = testKey): OpenAI {
  return new OpenAI({ apiKey, baseURL: base, maxRetries: 0 });
}

export const user = (content: string) => [{ role: 'user' as const, content }];

/** A tool every model here knows how to call. */
export const weatherTool = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    description: 'Get the weather in a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

export const weatherQuestion = user('What is the weather in Paris?');
