import { parseFaultRule, startFakeUpstream } from '@anura/fake-upstream';

/*
 * A process of its own: one fake upstream at the pace of a real model. Arguments: seed, then fault rules. Sends its address
 * when it listens, and how many chats it was asked for whenever it gets a message.
 */
const [seed = '1', ...rules] = process.argv.slice(2);
const upstream = await startFakeUpstream({
  firstTokenMs: 150,
  tokensPerSecond: 25,
  seed: Number(seed),
  faults: rules.map(parseFaultRule),
  keepRequests: 500_000,
});
const chats = () => upstream.requests.filter(({ path }) => path === '/v1/chat/completions').length;
process.on('message', () => process.send?.(chats()));
process.send?.(upstream.url);
