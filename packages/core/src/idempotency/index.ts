export type { StoredAnswer } from './decide-idempotency.ts';
export { checkIdempotencyKey, fingerprintOf } from './fingerprint.ts';
export type { IdempotencyStore } from './idempotency-store.ts';
export { IdempotentAnswers, type IdempotentAnswersOptions, type IdempotentRequest } from './idempotent-answers.ts';
