import type { Manifest } from '../packages/manifest.ts';

/** A package as a registry would get it. */
export interface Tarball {
  readonly manifest: Manifest;
  /** From the root of the repository, e.g. `packages/core`. */
  readonly directory: string;
  /** Absolute. */
  readonly file: string;
  readonly sizeBytes: number;
  /** Its README.md; empty without one. */
  readonly readme: string;
  /** What is in it, e.g. `dist/index.js`. */
  readonly entries: readonly string[];
}
