import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { diskError } from './disk-error.ts';

const readBytes = 1_048_576;
const magicBytes = 4;

/**
 * A file that is still arriving, in order, with the SHA-256 of what is there. Bytes are hashed after they were written, so the
 * digest speaks of the file. The one who opened it closes it.
 */
export class PartialFile {
  readonly #file: FileHandle;
  #hash: Hash = createHash('sha256');
  #head = Buffer.alloc(0);
  #offset = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * Opens what an earlier pull left, or a new file.
   *
   * @param maxBytes the size of the whole; a longer file is none of ours and begins anew
   * @param onBytes told as the existing bytes are read to be hashed
   */
  static async open(
    path: string,
    maxBytes: number,
    onBytes: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<PartialFile> {
    const partial = new PartialFile(await open(path, constants.O_RDWR | constants.O_CREAT, 0o644).catch(diskError));
    try {
      await partial.#readExisting(maxBytes, onBytes, signal);
      return partial;
    } catch (error) {
      await partial.close();
      throw error;
    }
  }

  /** Bytes that are there. */
  get offset(): number {
    return this.#offset;
  }

  /** The first four bytes as text, or fewer while they are not there yet. */
  get magic(): string {
    return this.#head.toString('latin1');
  }

  async append(chunk: Buffer): Promise<void> {
    let written = 0;
    while (written < chunk.length) {
      const result = await this.#file
        .write(chunk, written, chunk.length - written, this.#offset + written)
        .catch(diskError);
      written += result.bytesWritten;
    }
    this.#count(chunk);
  }

  /** Throws everything away. */
  async restart(): Promise<void> {
    if (this.#offset > 0) await this.#file.truncate(0).catch(diskError);
    this.#hash = createHash('sha256');
    this.#head = Buffer.alloc(0);
    this.#offset = 0;
  }

  /** `sha256:…` of what is there. */
  digest(): string {
    return `sha256:${this.#hash.copy().digest('hex')}`;
  }

  /** Returns when the bytes are on the disk. */
  async sync(): Promise<void> {
    await this.#file.sync().catch(diskError);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #readExisting(maxBytes: number, onBytes: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    const { size } = await this.#file.stat();
    if (size > maxBytes) return void (await this.#file.truncate(0).catch(diskError));
    const buffer = Buffer.allocUnsafe(Math.min(readBytes, size));
    while (this.#offset < size) {
      signal.throwIfAborted();
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, this.#offset).catch(diskError);
      if (bytesRead === 0) return;
      this.#count(buffer.subarray(0, bytesRead));
      onBytes(bytesRead);
    }
  }

  #count(chunk: Buffer): void {
    if (this.#head.length < magicBytes)
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, magicBytes - this.#head.length)]);
    this.#hash.update(chunk);
    this.#offset += chunk.length;
  }
}
