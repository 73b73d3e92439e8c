const quote = 0x22;
const backslash = 0x5c;

/**
 * How deep the arrays and objects of a JSON text are nested at most, counting no further than `limit` + 1. Without parsing:
 * a text nested a hundred thousand times parses, but whatever walks the value afterwards runs out of stack.
 */
export function nestingDepth(json: Uint8Array, limit: number): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (inString) {
      if (byte === backslash) at++;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > deepest) deepest = depth;
      if (deepest > limit) return deepest;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return deepest;
}
