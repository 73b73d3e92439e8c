import { open } from 'node:fs/promises';
import { GatewayError } from '../../../errors/gateway-error.ts';

type GgufValue = number | string | boolean | readonly number[];

/**
 * Key-value metadata of a GGUF file. Long arrays (the vocabulary) are left out.
 *
 * A reader of our own because node-llama-cpp's costs its whole native library: a server that only lists models must stay
 * small and start at once. Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export type GgufMetadata = ReadonlyMap<string, GgufValue>;

const magic = 0x46554747;
const firstReadBytes = 1 << 20;
const largestReadBytes = 1 << 28;
const longestKeptArray = 1024;

/** Reads only the header. Throws `GatewayError('engine-failed')` when the file is no usable GGUF. */
export async function readGgufMetadata(path: string): Promise<GgufMetadata> {
  const file = await open(path, 'r');
  try {
    for (let bytes = firstReadBytes; bytes <= largestReadBytes; bytes *= 4) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
      const metadata = parseUnlessTruncated(new HeaderReader(buffer.subarray(0, bytesRead)), bytesRead === bytes);
      if (metadata !== undefined) return metadata;
    }
  } finally {
    await file.close();
  }
  throw broken('its header is larger than 256 MiB');
}

function parseUnlessTruncated(reader: HeaderReader, moreToRead: boolean): GgufMetadata | undefined {
  try {
    return parseHeader(reader);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    if (moreToRead) return undefined;
    throw broken('it ends in the middle of its header; the download may be incomplete');
  }
}

function parseHeader(reader: HeaderReader): GgufMetadata {
  if (reader.uint32() !== magic) throw broken('it does not begin with GGUF');
  const version = reader.uint32();
  if (version < 2 || version > 3) throw broken(`its format version ${version} is unknown`);
  reader.uint64();
  const entries = reader.uint64();
  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < entries; index++) {
    const key = reader.string();
    const value = reader.value(reader.uint32());
    if (value !== undefined) metadata.set(key, value);
  }
  return metadata;
}

const typeReaders: Record<number, (reader: HeaderReader) => number | boolean | string> = {
  0: (reader) => reader.number(1, 'getUint8'),
  1: (reader) => reader.number(1, 'getInt8'),
  2: (reader) => reader.number(2, 'getUint16'),
  3: (reader) => reader.number(2, 'getInt16'),
  4: (reader) => reader.uint32(),
  5: (reader) => reader.number(4, 'getInt32'),
  6: (reader) => reader.number(4, 'getFloat32'),
  7: (reader) => reader.number(1, 'getUint8') !== 0,
  8: (reader) => reader.string(),
  10: (reader) => reader.uint64(),
  11: (reader) => Number(reader.bigInt64()),
  12: (reader) => reader.number(8, 'getFloat64'),
};
const arrayType = 9;

type NumberGetter = 'getUint8' | 'getInt8' | 'getUint16' | 'getInt16' | 'getInt32' | 'getFloat32' | 'getFloat64';

/** Walks the header; a read past the end throws `RangeError`. */
class HeaderReader {
  readonly #view: DataView;
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  number(size: number, getter: NumberGetter): number {
    return this.#view[getter](this.#advance(size), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  bigInt64(): bigint {
    return this.#view.getBigInt64(this.#advance(8), true);
  }

  string(): string {
    const length = this.uint64();
    const start = this.#advance(length);
    return this.#bytes.toString('utf8', start, start + length);
  }

  value(type: number): GgufValue | undefined {
    if (type === arrayType) return this.#array();
    const read = typeReaders[type];
    if (read === undefined) throw broken(`its header holds an unknown value type ${type}`);
    return read(this);
  }

  #array(): readonly number[] | undefined {
    const type = this.uint32();
    const length = this.uint64();
    const kept: number[] = [];
    for (let index = 0; index < length; index++) {
      const value = this.value(type);
      if (length <= longestKeptArray && typeof value === 'number') kept.push(value);
    }
    return kept.length === length ? kept : undefined;
  }

  #advance(bytes: number): number {
    const start = this.#offset;
    if (start + bytes > this.#view.byteLength) throw new RangeError('past the end of the header');
    this.#offset = start + bytes;
    return start;
  }
}

function broken(reason: string): GatewayError {
  return new GatewayError('engine-failed', `This file is not a usable GGUF model: ${reason}.`, { retry: 'elsewhere' });
}
