/** What strikes the work of every upstream, with the share of the work it strikes. */
export const faultRules: readonly string[] = [
  'reset-after=5:0.02',
  'truncate-after=4:0.02',
  'error-after=3:0.01',
  'status=500:0.02',
  'status=429:0.001',
  'html:0.005',
  'hang:0.003',
  'hang-after=6:0.003',
  'drip=200ms:0.03',
  'slow-start=800ms:0.03',
  'no-done:0.01',
  'no-finish:0.01',
  'bad-json:0.01',
  'wrong-length:0.005',
  'rough:0.05',
  'odd:0.02',
];

export const upstreamCount = 3;
export const clientCount = 200;
export const soakModel = 'llama3.1:8b';

/** A stream that is not over after this long hangs: every deadline of the server has passed long before. */
export const patienceMs = 45_000;

/** Fewer slots than clients, so that requests wait as well; deadlines short enough that hanging upstreams are met often. */
export function soakSettings(urls: readonly string[]): Record<string, unknown> {
  const timeouts = { connect: '1s', first_token: '3s', between_tokens: '3s', total: '20s' };
  const provider = (url: string, at: number) => ({
    name: `fake-${at + 1}`,
    url: `${url}/v1`,
    engine: 'openai',
    slots: 50,
    timeouts,
  });
  return {
    providers: urls.map(provider),
    llama: { enabled: false },
    queue: { max_length: 1000, max_wait: '10s' },
    request_timeout: '30s',
  };
}
