import { test } from 'vitest';
import { openaiRequirements, type RequirementId } from './openai-requirements.ts';

/** A test that cites what it proves: `proves('chat-stop')('a stop text ends the answer', async () => …)`. */
export function proves(...ids: readonly [RequirementId, ...RequirementId[]]) {
  const unknown = ids.filter((id) => !(id in openaiRequirements));
  if (unknown.length > 0) throw new Error(`There is no requirement ${unknown.join(', ')}; see openai-requirements.ts.`);
  return (name: string, run: () => Promise<void> | void): void => test(name, run);
}
