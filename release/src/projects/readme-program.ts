/** The TypeScript that a README shows, as one program: later blocks go on where earlier ones ended. Empty without any. */
export function readmeProgram(text: string): string {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, block]) => block).join('\n');
}
