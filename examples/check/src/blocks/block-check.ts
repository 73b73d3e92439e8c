import type { FencedBlock } from './fenced-blocks.ts';

/** How a block is held to the truth. */
export type BlockCheck =
  /** Executed; what it prints must hold these words. */
  | { readonly kind: 'run'; readonly says: string }
  /** Started, asked for something, stopped. */
  | { readonly kind: 'serves' }
  /** What the block before it printed: the same lines, or the same keys. */
  | { readonly kind: 'output'; readonly of: FencedBlock }
  /** Not executed. Commands are rehearsed (parsed, their files looked for), TypeScript is compiled. */
  | { readonly kind: 'not run'; readonly reason: string }
  /** Word for word in a file that a test runs. */
  | { readonly kind: 'from'; readonly file: string }
  /** Valid by a schema of the contract. */
  | { readonly kind: 'schema'; readonly name: string }
  /** Names every value of an enumeration of the contract. */
  | { readonly kind: 'names'; readonly name: string }
  /** Names every folder of a folder. */
  | { readonly kind: 'drawing'; readonly folder: string }
  /** Nothing holds it to anything, which a test does not let pass. */
  | { readonly kind: 'unchecked'; readonly why: string }
  | { readonly kind: 'config' | 'log line' | 'sidecar' | 'unit' | 'dockerfile' | 'nginx' | 'generated' };

export interface CheckedBlock {
  readonly block: FencedBlock;
  readonly check: BlockCheck;
}

const byLanguage: Readonly<Record<string, BlockCheck>> = {
  sh: { kind: 'run', says: '' },
  ts: { kind: 'run', says: '' },
  js: { kind: 'run', says: '' },
  python: { kind: 'run', says: '' },
  yaml: { kind: 'config' },
  ini: { kind: 'unit' },
  dockerfile: { kind: 'dockerfile' },
  nginx: { kind: 'nginx' },
};

/** What checks each block of a page, given in order. */
export function checkedBlocks(blocks: readonly FencedBlock[]): CheckedBlock[] {
  const checked: CheckedBlock[] = [];
  for (const block of blocks) checked.push({ block, check: checkOf(block, checked.at(-1)) });
  return checked;
}

function checkOf(block: FencedBlock, before: CheckedBlock | undefined): BlockCheck {
  if (block.generated) return { kind: 'generated' };
  return markedCheck(block) ?? byLanguage[block.language] ?? outputOf(before) ?? nothing;
}

const nothing: BlockCheck = {
  kind: 'unchecked',
  why: 'Nothing checks this block. See examples/check/README.md for the comments that say what should.',
};

function markedCheck({ marker, note = '' }: FencedBlock): BlockCheck | undefined {
  switch (marker) {
    case 'run':
    case 'given anura':
      return { kind: 'run', says: note };
    case 'not run':
      if (note.length >= 8) return { kind: 'not run', reason: note };
      return { kind: 'unchecked', why: 'Say why it is not run: <!-- not run: it needs a GPU -->' };
    case 'from':
      return { kind: 'from', file: note };
    case 'schema':
    case 'names':
      return { kind: marker, name: note };
    case 'drawing':
      return { kind: 'drawing', folder: note };
    case 'serves':
    case 'config':
    case 'sidecar':
    case 'log line':
      return { kind: marker };
    default:
      return undefined;
  }
}

function outputOf(before: CheckedBlock | undefined): BlockCheck | undefined {
  return before?.check.kind === 'run' ? { kind: 'output', of: before.block } : undefined;
}
