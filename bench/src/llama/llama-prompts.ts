/** New every time, so that nothing is answered from a cache; the same for both sides, so that both answer the same. */
export function llamaPrompts(chats: number, turn: number): string[] {
  return Array.from({ length: chats }, (_, chat) => `Write a long story about frog number ${turn * 100 + chat}.`);
}
