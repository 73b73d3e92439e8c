/**
 * Draws many pictures and prints memory and times, to see by hand that both stay flat:
 *
 *     node src/engines/diffusion/__fixtures__/draw-many.ts [pictures] [threads]
 */
import { tadpoleImage } from './bundled.ts';
import { callFor, openProvider } from './open-provider.ts';

const pictures = Number(process.argv[2] ?? 100);
const threads = Number(process.argv[3] ?? 1);

await using provider = await openProvider([tadpoleImage], { threads });
console.log(`start: ${residentMegabytes()} MB`);
const timesMs: number[] = [];
let longestBlockMs = 0;
let last = performance.now();
const watch = setInterval(() => {
  longestBlockMs = Math.max(longestBlockMs, performance.now() - last - 1);
  last = performance.now();
}, 1);
for (let seed = 1; seed <= pictures; seed++) {
  const started = performance.now();
  await provider.images.image(
    { model: 'any', prompt: 'a frog on a lilypad', seed },
    callFor(provider, 'tadpole-image'),
  );
  timesMs.push(performance.now() - started);
  if (seed === 1 || seed % 10 === 0) console.log(`${seed}: ${residentMegabytes()} MB`);
}
clearInterval(watch);
const [first = 0] = timesMs;
const sorted = timesMs.toSorted((left, right) => left - right);
const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
console.log(`first ${first.toFixed(0)} ms, median ${median.toFixed(0)} ms, longest ${sorted.at(-1)?.toFixed(0)} ms`);
console.log(`the event loop was held for ${longestBlockMs.toFixed(0)} ms at most`);

function residentMegabytes(): number {
  return Math.round(process.memoryUsage().rss / 1e6);
}
