import { createHash } from 'node:crypto';

/**
 * The id under which a prompt that ComfyUI lost is submitted again. It follows from the first, so that any process that takes
 * up the work finds the second try instead of making a third. A UUID, because ComfyUI accepts nothing else.
 */
export function secondId(promptId: string): string {
  const hex = createHash('sha256').update(`again:${promptId}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
