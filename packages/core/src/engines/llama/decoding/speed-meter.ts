const smoothing = 0.2;
/** A chunk of prompt is evaluated in about this time, so that an abort is noticed within it. Milliseconds. */
const chunkTargetMs = 40;
const smallestChunk = 16;

/** Measured speeds of one model, smoothed, and how much prompt to evaluate at once. */
export class SpeedMeter {
  readonly #largestChunk: number;
  #prefillTokensPerMs: number | undefined;
  #decodeTokensPerMs: number | undefined;

  /** `largestChunk`: tokens a native batch takes at once. */
  constructor(largestChunk: number) {
    this.#largestChunk = largestChunk;
  }

  /** Tokens per second; undefined until measured. */
  get prefillTokensPerSecond(): number | undefined {
    return perSecond(this.#prefillTokensPerMs);
  }

  get decodeTokensPerSecond(): number | undefined {
    return perSecond(this.#decodeTokensPerMs);
  }

  /** A power of two, so that equal prompts are cut alike and give equal numbers. */
  get chunkTokens(): number {
    const wanted = (this.#prefillTokensPerMs ?? smallestChunk / chunkTargetMs) * chunkTargetMs;
    const power = 2 ** Math.floor(Math.log2(Math.max(wanted, smallestChunk)));
    return Math.min(power, this.#largestChunk);
  }

  addPrefill(tokens: number, milliseconds: number): void {
    this.#prefillTokensPerMs = smooth(this.#prefillTokensPerMs, tokens / Math.max(milliseconds, 0.01));
  }

  addDecode(tokens: number, milliseconds: number): void {
    this.#decodeTokensPerMs = smooth(this.#decodeTokensPerMs, tokens / Math.max(milliseconds, 0.01));
  }
}

function smooth(before: number | undefined, measured: number): number {
  return before === undefined ? measured : before + smoothing * (measured - before);
}

function perSecond(tokensPerMs: number | undefined): number | undefined {
  return tokensPerMs === undefined ? undefined : Math.round(tokensPerMs * 1000);
}
