import { describe, expect, it } from 'vitest';
import { judgeFailure, judgeStream } from './stream-outcome.ts';

const piece = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
const error = JSON.stringify({ error: { message: 'It broke.', code: 'provider_failed' } });

describe('judgeStream', () => {
  it('calls a stream complete that said the whole text and then [DONE]', () => {
    expect(judgeStream(`${piece('a ')}${piece('b')}data: [DONE]\n\n`, 'a b')).toEqual({ kind: 'complete' });
  });

  it('does not forgive [DONE] after a part of the text', () => {
    expect(judgeStream(`${piece('a ')}data: [DONE]\n\n`, 'a b')).toEqual({ kind: 'wrong-done', text: 'a ' });
  });

  it('takes an error event with a code for an explained failure', () => {
    expect(judgeStream(`${piece('a ')}data: ${error}\n\n`, 'a b')).toEqual({ kind: 'failed', code: 'provider_failed' });
  });

  it.each([
    ['', 'nothing'],
    [piece('a '), 'a chunk'],
    ['data: {"error":{"message":"no code"}}\n\n', 'an error without a code'],
  ])('calls an end unexplained that comes after %j', (received) => {
    expect(judgeStream(received, 'a b').kind).toBe('unexplained');
  });
});

describe('judgeFailure', () => {
  it('reads the code of an error body', () => {
    expect(judgeFailure(error)).toEqual({ kind: 'failed', code: 'provider_failed' });
  });
});
