/** No run of ours prints more. */
const mostPrintedBytes = 1024 * 1024;

/** The program's memory, whose buffer is replaced each time it grows. */
export class ProgramMemory {
  #source: { readonly buffer: ArrayBuffer } | undefined;

  attach(source: { readonly buffer: ArrayBuffer }): void {
    this.#source = source;
  }

  get view(): DataView {
    if (!this.#source) throw new Error('the program has no memory');
    return new DataView(this.#source.buffer);
  }

  bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.view.buffer, at, length);
  }

  setNumber(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }

  /** The pieces an `iovec` list points at. */
  pieces(list: number, count: number): Uint8Array[] {
    const { view } = this;
    return Array.from({ length: count }, (_, index) => {
      const at = list + index * 8;
      return this.bytes(view.getUint32(at, true), view.getUint32(at + 4, true));
    });
  }
}

/** What a program printed, up to a limit. */
export class Printed {
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;

  add(piece: Uint8Array): void {
    this.#bytes += piece.length;
    if (this.#bytes <= mostPrintedBytes) this.#pieces.push(piece.slice());
  }

  get text(): string {
    return Buffer.concat(this.#pieces).toString();
  }
}
