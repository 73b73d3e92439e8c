/** The envelope of the JSON operations that are not OpenAI's. */
export function envelope<T>(message: string, data: T): { status: 200; message: string; data: T } {
  return { status: 200, message, data };
}
