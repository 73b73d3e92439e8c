import type { Readable } from 'node:stream';

/** What is known about bytes that were kept. */
export interface Artifact {
  readonly id: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** SHA-256, hex. Quoted, it is the ETag. */
  readonly digest: string;
  readonly createdAtMs: number;
}

/** Bytes from `start` to `end`, both included, both within the artifact. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface OpenArtifact {
  readonly artifact: Artifact;
  /** The bytes; whoever opened it reads it to the end or destroys it. */
  readonly stream: Readable;
}

/**
 * Where bytes too big for a row are kept. Every implementation runs `artifact-store.conformance.ts`.
 *
 * An artifact is there as a whole or not at all: while it is written nobody can see it. It never changes.
 */
export interface ArtifactStore {
  /**
   * Keeps bytes; on the disk when it resolves. An id that is taken already keeps what it has.
   *
   * @throws GatewayError `no-capacity` where the disk is full, `internal` where it cannot be written; nothing is left behind.
   */
  put(id: string, bytes: Uint8Array, contentType: string): Promise<Artifact>;
  find(id: string): Promise<Artifact | undefined>;
  /** `undefined` when there is none. Throws `RangeError` when the range is not within the artifact. */
  open(id: string, range?: ByteRange): Promise<OpenArtifact | undefined>;
  /** Does nothing where there is none. What is open goes on being read. */
  remove(id: string): Promise<void>;
  /** Removes at most `limit` artifacts from before the time, and what interrupted writes left; returns how many artifacts. */
  prune(createdBeforeMs: number, limit: number): Promise<number>;
}

/** Letters, digits, `-` and `_` only, so that no id can name another place. */
export const artifactIdPattern = /^[A-Za-z0-9_-]{3,120}$/;
