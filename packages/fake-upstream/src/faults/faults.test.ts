import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeUpstream, startFakeUpstream } from '../fake-upstream.ts';
import { createRandom } from '../random.ts';
import { parseFaults } from './fault.ts';
import { drawFaults, parseFaultRule, splitModelName } from './fault-plan.ts';

describe('reading faults', () => {
  it('reads several at once, with times in both units', () => {
    expect(parseFaults('reset-after=5, drip=200ms,slow-start=2s')).toEqual({
      resetAfter: 5,
      dripMs: 200,
      slowStartMs: 2000,
    });
  });

  it.each(['nonsense', 'drip=fast', 'reset-after=-1', 'reset-after=', 'status=99', 'hang=5'])('refuses %s', (text) => {
    expect(() => parseFaults(text)).toThrow(/fault/i);
  });

  it('reads the share after the last colon, also behind an address', () => {
    expect(parseFaultRule('redirect=http://10.0.0.1/:0.5')).toEqual({
      faults: { redirect: 'http://10.0.0.1/' },
      probability: 0.5,
    });
    expect(parseFaultRule('hang')).toEqual({ faults: { hang: true }, probability: 1 });
  });

  it('strikes the given share, the same requests for the same seed', () => {
    const rules = [parseFaultRule('status=500:0.1')];
    const draw = () => {
      const random = createRandom(1);
      return Array.from({ length: 2000 }, () => drawFaults(rules, random).status === 500);
    };
    const struck = draw().filter(Boolean).length;
    expect(struck).toBeGreaterThan(150);
    expect(struck).toBeLessThan(250);
    expect(draw()).toEqual(draw());
  });

  it('takes faults off a model name', () => {
    expect(splitModelName('llama3.1:8b!hang-after=2')).toEqual({ model: 'llama3.1:8b', faults: { hangAfter: 2 } });
  });
});

describe('faults on the wire', () => {
  let upstream: FakeUpstream;

  beforeAll(async () => {
    upstream = await startFakeUpstream();
  });

  afterAll(() => upstream.close());

  function send(fault: string, stream = true): Promise<Response> {
    const messages = [{ role: 'user', content: 'write 30 words' }];
    const body = JSON.stringify({ model: 'llama3.1:8b', messages, stream, stream_options: { include_usage: true } });
    return fetch(`${upstream.url}/v1/chat/completions`, {
      method: 'POST',
      body,
      headers: { 'x-fake-fault': fault },
      redirect: 'manual',
    });
  }

  /** What arrived, and whether the connection ended well. */
  async function received(response: Response): Promise<{ text: string; whole: boolean }> {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const bytes of response.body ?? []) text += decoder.decode(bytes, { stream: true });
    } catch {
      return { text, whole: false };
    }
    return { text, whole: true };
  }

  const events = (text: string) => text.split('\n\n').filter((event) => event.startsWith('data: ')).length;

  it('resets after so many events', async () => {
    const { text, whole } = await received(await send('reset-after=5'));
    expect([events(text), whole]).toEqual([5, false]);
  });

  it('truncates after so many events without a sign', async () => {
    const { text, whole } = await received(await send('truncate-after=5'));
    expect([events(text), whole, text.includes('[DONE]')]).toEqual([5, true, false]);
  });

  it('leaves out exactly what it is told to', async () => {
    const leftOut = async (fault: string) => {
      const { text } = await received(await send(fault));
      return [text.includes('[DONE]'), text.includes('"finish_reason":"stop"'), text.includes('"total_tokens"')];
    };
    expect(await leftOut('no-done')).toEqual([false, true, true]);
    expect(await leftOut('no-finish')).toEqual([true, false, true]);
    expect(await leftOut('no-usage')).toEqual([true, true, false]);
  });

  it('breaks the JSON of the second event', async () => {
    const { text } = await received(await send('bad-json'));
    const second = text.split('\n\n')[1]?.slice(6) ?? '';
    expect(() => JSON.parse(second)).toThrow();
  });

  it('promises more bytes than come', async () => {
    expect((await received(await send('wrong-length'))).whole).toBe(false);
    expect((await received(await send('wrong-length', false))).whole).toBe(false);
  });

  it('answers a status, a page or a redirect instead', async () => {
    expect([(await send('status=503')).headers.get('retry-after'), (await send('status=503')).status]).toEqual([
      '1',
      503,
    ]);
    expect((await send('html')).headers.get('content-type')).toContain('text/html');
    const redirect = await send('redirect=http://169.254.169.254/');
    expect([redirect.status, redirect.headers.get('location')]).toEqual([307, 'http://169.254.169.254/']);
  });

  it('sends a line as long as asked', async () => {
    const { text } = await received(await send('huge-line=200000'));
    expect(text.length).toBeGreaterThan(200_000);
    expect(text).not.toContain('\n');
  });

  it('sends headers until the client has enough', async () => {
    await expect(send('endless-headers')).rejects.toThrow();
  });

  it('hangs, and notices that the client left', async () => {
    const left = new AbortController();
    const body = JSON.stringify({
      model: 'llama3.1:8b!hang-after=2',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    });
    const response = await fetch(`${upstream.url}/v1/chat/completions`, { method: 'POST', body, signal: left.signal });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    left.abort();
    await expect.poll(() => upstream.requests.at(-1)?.outcome).toBe('client-left');
  });

  it('stays legal when rough', async () => {
    const { text } = await received(await send('rough'));
    expect(text).toContain(': still here\r\n');
    expect(text.split('\r\n\r\n').filter((event) => event.includes('data: ')).length).toBeGreaterThan(30);
  });

  it('names the faults it knows when asked for another', async () => {
    const response = await send('explode');
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('reset-after');
  });
});
