import { type CheckedBlock, checkedBlocks } from './block-check.ts';
import { type FencedBlock, fencedBlocks } from './fenced-blocks.ts';
import { readPages } from './repository.ts';

/** Every block of every page, with what checks it. */
export function blocksChecked(): CheckedBlock[] {
  return readPages().flatMap((page) => checkedBlocks(fencedBlocks(page)));
}

/** `examples/video-job/README.md` says how to run the example beside it. */
export const isOfAnExample = ({ page }: FencedBlock): boolean => /^examples\/(?!check\/)[^/]+\//.test(page);
