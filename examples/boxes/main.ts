// An operator's day: where would a request run, a key with limits for a colleague, a busy minute, who did what, the end of it.
import { AnuraError, createAnura } from '@anura/client';

const baseUrl = process.env['ANURA_URL'] ?? 'http://127.0.0.1:8484';
const operator = createAnura({ baseUrl, apiKey: process.env['ANURA_API_KEY'] ?? '' }); // a key with the scope admin
const model = process.env['ANURA_MODEL'] ?? 'tadpole';
const messages = [{ role: 'user' as const, content: 'What is the capital of France?' }];

const { candidates, refusals } = await operator.explain({ kind: 'chat', request: { model, messages } });
for (const { provider, reasons } of candidates) console.log(`${provider} can run ${model}: ${reasons.join('; ')}`);
for (const { provider, reason } of refusals) console.log(`${provider} cannot: ${reason}`);
if (candidates.length === 0) throw new Error(`Nobody can run ${model}.`);

const { id, key } = await operator.keys.create({ name: 'colleague', requests_per_second: 5 });
const colleague = createAnura({ baseUrl, apiKey: key, retries: 0 });
try {
  const asked = Array.from({ length: 12 }, () => colleague.chat.create({ model, messages, max_tokens: 8 }));
  const outcomes = await Promise.allSettled(asked);
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  for (const error of refused)
    if (!AnuraError.is(error) || error.code !== 'rate_limit_exceeded' || error.retryAfterMs === undefined) throw error;
  console.log(`12 requests at once: ${12 - refused.length} answered, ${refused.length} told to come back`);
  if (refused.length === 0 || refused.length === 12) throw new Error('A limit of 5 a second should let some through.');

  const patient = createAnura({ baseUrl, apiKey: key, retries: 5 });
  await patient.chat.create({ model, messages, max_tokens: 8 });
  const { jobs } = await patient.jobs.list({ kind: 'chat' });
  const byProvider = Map.groupBy(jobs, ({ deal }) => deal?.provider ?? 'nobody');
  for (const [provider, its] of byProvider) console.log(`${provider} ran ${its.length} of the colleague's chats`);
  if (byProvider.size === 0) throw new Error('The colleague should have jobs.');
} finally {
  await operator.keys.revoke(id);
}
const error: unknown = await colleague.models.list().catch((reason: unknown) => reason);
if (!AnuraError.is(error) || error.status !== 401) throw new Error('A revoked key should be refused.');
console.log(`after revoking: ${error.message}`);
