/** Runs the task `count` times, at most `inFlight` at once; the next starts when one is done. */
export async function atOnce(count: number, inFlight: number, task: () => Promise<unknown>): Promise<void> {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await task();
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, lane));
}
