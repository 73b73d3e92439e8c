/**
 * The numbers `torch.manual_seed(seed)` and `torch.randn` give on a CPU, for tests against values published with PyTorch:
 * MT19937, 24 bits a uniform, and Box and Muller over blocks of 16.
 *
 * @returns a function that gives the next `count` numbers; `count` must be a multiple of 16.
 */
export function torchNoise(seed: number): (count: number) => Float32Array {
  const next = mersenneTwister(seed);
  const uniform = () => Math.fround((next() & 0xff_ff_ff) / 2 ** 24);
  return (count) => {
    const values = Float32Array.from({ length: count }, uniform);
    for (let block = 0; block < count; block += 16) boxMuller(values.subarray(block, block + 16));
    return values;
  };
}

function boxMuller(block: Float32Array): void {
  for (let index = 0; index < 8; index++) {
    const radius = Math.sqrt(-2 * Math.log(1 - (block[index] ?? 0)));
    const angle = 2 * Math.PI * (block[index + 8] ?? 0);
    block[index] = radius * Math.cos(angle);
    block[index + 8] = radius * Math.sin(angle);
  }
}

function mersenneTwister(seed: number): () => number {
  const state = new Uint32Array(624);
  state[0] = seed;
  for (let index = 1; index < 624; index++) {
    const before = state[index - 1] ?? 0;
    state[index] = Math.imul(1812433253, before ^ (before >>> 30)) + index;
  }
  let place = 624;
  return () => {
    if (place === 624) {
      twist(state);
      place = 0;
    }
    return temper(state[place++] ?? 0);
  };
}

function twist(state: Uint32Array): void {
  for (let index = 0; index < 624; index++) {
    const mixed = ((state[index] ?? 0) & 0x80000000) | ((state[(index + 1) % 624] ?? 0) & 0x7fffffff);
    state[index] = (state[(index + 397) % 624] ?? 0) ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
  }
}

function temper(value: number): number {
  let tempered = value ^ (value >>> 11);
  tempered ^= (tempered << 7) & 0x9d2c5680;
  tempered ^= (tempered << 15) & 0xefc60000;
  return (tempered ^ (tempered >>> 18)) >>> 0;
}
