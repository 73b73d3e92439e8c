import contract from '@anura/openapi/openapi.json' with { type: 'json' };
import { expect, test } from 'vitest';
import { creatingPaths, idempotencyHeader } from './idempotency-key.js';

type Operation = { parameters?: { $ref?: string }[]; operationId?: string };

test('every operation of the contract that creates a job gets a key, and none else', () => {
  // These take a key as well. The first make nothing that would be there twice: the server would only have to keep their answers.
  // The others are cancelled when their caller leaves, but not under a key.
  const answering = ['createChatCompletion', 'createEmbedding', 'webSearch'];
  const waiting = ['createImage', 'createSpeech', 'generateImage'];
  const takesKey = ({ parameters = [] }: Operation) =>
    parameters.some(({ $ref = '' }) => $ref.endsWith('IdempotencyKey'));
  const making = Object.entries(contract.paths as Record<string, { post?: Operation }>)
    .filter(([, { post }]) => post && takesKey(post) && ![...answering, ...waiting].includes(post.operationId ?? ''))
    .map(([path]) => path);
  expect([...making].sort()).toEqual([...creatingPaths].sort());
});

test('a key that is there is left alone, however it is written', () => {
  expect(idempotencyHeader('/api/v1/video/create-job', { 'idempotency-key': 'mine' })).toEqual({});
  expect(idempotencyHeader('/api/v1/chat/completions', {})).toEqual({});
});
