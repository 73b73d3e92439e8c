/** WASI's numbers for what went wrong. */
export const errno = { success: 0, badDescriptor: 8, invalid: 28, tooLarge: 22, noEntry: 44 } as const;

interface OpenFile {
  readonly name: string;
  bytes: Uint8Array;
  size: number;
  position: number;
}

const firstFree = 4;

/** The files of one program run: made by it, kept in memory, gone afterwards. It sees no others. */
export class MemoryFiles {
  readonly #open = new Map<number, OpenFile>();
  readonly #all = new Map<string, OpenFile>();
  readonly #mostBytes: number;
  #next = firstFree;

  /** @param mostBytes the size of the largest file. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  read(name: string): Uint8Array | undefined {
    const file = this.#all.get(name);
    return file?.bytes.subarray(0, file.size);
  }

  /** A descriptor, or nothing where the file is not there and must not be made. */
  open(name: string, create: boolean): number | undefined {
    if (!create && !this.#all.has(name)) return undefined;
    const file = { name, bytes: new Uint8Array(65_536), size: 0, position: 0 };
    this.#all.set(name, file);
    this.#open.set(this.#next, file);
    this.#next += 1;
    return this.#next - 1;
  }

  close(descriptor: number): boolean {
    return this.#open.delete(descriptor);
  }

  write(descriptor: number, piece: Uint8Array): number {
    const file = this.#open.get(descriptor);
    if (!file) return errno.badDescriptor;
    const end = file.position + piece.length;
    if (end > this.#mostBytes) return errno.tooLarge;
    if (end > file.bytes.length) file.bytes = grown(file.bytes, end);
    file.bytes.set(piece, file.position);
    file.position = end;
    file.size = Math.max(file.size, end);
    return errno.success;
  }

  /** The new position, or nothing where there is no such place. Whence: 0 start, 1 here, 2 end. */
  seek(descriptor: number, offset: number, whence: number): number | undefined {
    const file = this.#open.get(descriptor);
    if (!file) return undefined;
    const base = [0, file.position, file.size][whence];
    if (base === undefined || base + offset < 0 || base + offset > this.#mostBytes) return undefined;
    file.position = base + offset;
    return file.position;
  }
}

function grown(bytes: Uint8Array, needed: number): Uint8Array {
  const larger = new Uint8Array(Math.max(needed, bytes.length * 2));
  larger.set(bytes);
  return larger;
}
