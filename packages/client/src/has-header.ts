/** Whether the header is there, however it is written. @param name in lower case. */
export const hasHeader = (headers: Readonly<Record<string, string>>, name: string): boolean =>
  Object.keys(headers).some((key) => key.toLowerCase() === name);
