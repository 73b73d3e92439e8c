import { readPages } from '../repository.ts';
import { type BlockCheck, type CheckedBlock, checkedBlocks } from './block-check.ts';
import { type FencedBlock, fencedBlocks } from './fenced-blocks.ts';

/** Every block of every page, with what checks it. */
export function blocksChecked(): CheckedBlock[] {
  return readPages().flatMap((page) => checkedBlocks(fencedBlocks(page)));
}

/** The blocks that are checked in this way, each with how. */
export function blocksCheckedAs<Kind extends BlockCheck['kind']>(kind: Kind) {
  return blocksChecked().flatMap(({ block, check }) =>
    check.kind === kind ? [{ ...block, check: check as Extract<BlockCheck, { kind: Kind }> }] : [],
  );
}

/** `examples/video-job/README.md` says how to run the example beside it. */
export const isOfAnExample = ({ page }: FencedBlock): boolean => /^examples\/(?!check\/)[^/]+\//.test(page);
