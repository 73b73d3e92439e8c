const cells = 20;

/** `██████████░░░░░░░░░░ 50 %`. @param share from 0 to 1 */
export function progressBar(share: number): string {
  const full = Math.round(share * cells);
  return `${'█'.repeat(full)}${'░'.repeat(cells - full)} ${Math.floor(share * 100)} %`;
}
