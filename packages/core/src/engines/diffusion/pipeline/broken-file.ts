/** A file or folder of a model that cannot be used. The path is absolute: it is for logs, and to be cut before it is told. */
export class BrokenFile extends Error {
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'BrokenFile';
    this.path = path;
  }
}

/** The result of opening `path`. @throws BrokenFile whatever went wrong. */
export async function opening<T>(path: string, opened: Promise<T>): Promise<T> {
  try {
    return await opened;
  } catch (cause) {
    throw new BrokenFile(path, cause);
  }
}
