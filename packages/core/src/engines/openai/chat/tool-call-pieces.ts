import { randomUUID } from 'node:crypto';
import type { ToolCallDelta } from '@anura/openapi';

interface KnownCall {
  /** What the upstream said: its index and id, where it said them. */
  readonly upstreamIndex: number | undefined;
  readonly upstreamId: string | undefined;
}

/**
 * Puts the pieces of one answer's tool calls in order. Upstreams leave out the index, the id, or both, repeat the name in
 * every piece, or give parallel calls one index with different ids. What leaves here follows the contract: the first piece of
 * a call has id, type and name, later ones arguments only.
 */
export class ToolCallPieces {
  readonly #calls: KnownCall[] = [];

  get callCount(): number {
    return this.#calls.length;
  }

  /** @param pieces `delta.tool_calls` as the upstream sent it */
  read(pieces: readonly unknown[]): ToolCallDelta[] {
    return pieces.map((piece) => this.#readPiece(asObject(piece)));
  }

  #readPiece(piece: Record<string, unknown>): ToolCallDelta {
    const called = asObject(piece['function']);
    const upstreamIndex = typeof piece['index'] === 'number' ? piece['index'] : undefined;
    const upstreamId = nonEmpty(piece['id']);
    const name = nonEmpty(called['name']);
    const args = argumentsText(called['arguments']);
    const known = this.#find(upstreamIndex, upstreamId, name);
    if (known !== undefined) return { index: known, function: { arguments: args } };
    this.#calls.push({ upstreamIndex, upstreamId });
    const id = upstreamId ?? `call_${randomUUID().replaceAll('-', '')}`;
    return { index: this.#calls.length - 1, id, type: 'function', function: { name: name ?? '', arguments: args } };
  }

  /** The call that a piece belongs to; undefined when it opens a new one. */
  #find(
    upstreamIndex: number | undefined,
    upstreamId: string | undefined,
    name: string | undefined,
  ): number | undefined {
    const found = this.#calls.findLastIndex((call) => {
      if (upstreamId !== undefined && call.upstreamId !== undefined) return call.upstreamId === upstreamId;
      if (upstreamIndex !== undefined) return call.upstreamIndex === upstreamIndex;
      // Neither says: only the first piece of a call has a name.
      return name === undefined;
    });
    return found === -1 ? undefined : found;
  }
}

/** Always text: some upstreams send the arguments as an object. */
function argumentsText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const nonEmpty = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
