import { errno, MemoryFiles } from './memory-files.ts';
import { Printed, ProgramMemory } from './program-memory.ts';
import { type WasmModule, webAssembly } from './webassembly.ts';

export interface ProgramRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The bytes of a file the program wrote. */
  file(name: string): Uint8Array | undefined;
}

/** No run of ours writes more: 64 MiB is half an hour of sound. */
const mostFileBytes = 64 * 1024 * 1024;
const directory = { descriptor: 3, name: '/' } as const;
const creates = 1;

class Exit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/**
 * Runs a WASI command with nothing but its arguments: no real files, no environment, no input. These are the thirteen calls
 * that Flite makes. `node:wasi` would do it too, but lends a real folder, which its own documentation calls no sandbox, and
 * warns in the user's terminal that it is experimental.
 *
 * @throws RuntimeError where the program crashes.
 */
export async function runProgram(module: WasmModule, args: readonly string[]): Promise<ProgramRun> {
  const files = new MemoryFiles(mostFileBytes);
  const printed = new Map([1, 2].map((descriptor) => [descriptor, new Printed()]));
  const memory = new ProgramMemory();
  const instance = await webAssembly.instantiate(module, {
    wasi_snapshot_preview1: {
      ...argumentCalls(memory, args),
      ...fileCalls(memory, files, printed),
      ...processCalls(memory),
    },
  });
  memory.attach(instance.exports['memory'] as { readonly buffer: ArrayBuffer });
  const exitCode = start(instance.exports['_start'] as () => void);
  return {
    exitCode,
    stdout: printed.get(1)?.text ?? '',
    stderr: printed.get(2)?.text ?? '',
    file: (name) => files.read(name),
  };
}

function start(main: () => void): number {
  try {
    main();
    return 0;
  } catch (error) {
    if (error instanceof Exit) return error.code;
    throw error;
  }
}

function argumentCalls(memory: ProgramMemory, args: readonly string[]) {
  const encoded = args.map((arg) => new TextEncoder().encode(`${arg}\0`));
  return {
    args_sizes_get(count: number, size: number) {
      memory.setNumber(count, encoded.length);
      memory.setNumber(
        size,
        encoded.reduce((sum, { length }) => sum + length, 0),
      );
      return errno.success;
    },
    args_get(list: number, at: number) {
      let place = at;
      for (const [index, arg] of encoded.entries()) {
        memory.setNumber(list + index * 4, place);
        memory.bytes(place, arg.length).set(arg);
        place += arg.length;
      }
      return errno.success;
    },
  };
}

function fileCalls(memory: ProgramMemory, files: MemoryFiles, printed: ReadonlyMap<number, Printed>) {
  return {
    fd_prestat_get(descriptor: number, at: number) {
      if (descriptor !== directory.descriptor) return errno.badDescriptor;
      memory.setNumber(at, 0);
      memory.setNumber(at + 4, directory.name.length);
      return errno.success;
    },
    fd_prestat_dir_name(_descriptor: number, at: number, length: number) {
      memory.bytes(at, length).set(new TextEncoder().encode(directory.name).subarray(0, length));
      return errno.success;
    },
    path_open(_in: number, _follow: number, at: number, length: number, flags: number, ...rest: unknown[]) {
      const name = Buffer.from(memory.bytes(at, length)).toString();
      const descriptor = files.open(name, (flags & creates) !== 0);
      if (descriptor === undefined) return errno.noEntry;
      memory.setNumber(Number(rest.at(-1)), descriptor);
      return errno.success;
    },
    fd_fdstat_get(descriptor: number, at: number) {
      memory.bytes(at, 24).fill(0);
      memory.view.setUint8(at, descriptor < directory.descriptor ? 2 : descriptor === directory.descriptor ? 3 : 4);
      // All rights: there is nothing but these files to use them on.
      memory.bytes(at + 8, 16).fill(255);
      return errno.success;
    },
    fd_fdstat_set_flags: () => errno.success,
    fd_read(_descriptor: number, _list: number, _count: number, read: number) {
      memory.setNumber(read, 0);
      return errno.success;
    },
    fd_write(descriptor: number, list: number, count: number, written: number) {
      const pieces = memory.pieces(list, count);
      for (const piece of pieces) {
        const output = printed.get(descriptor);
        const result = output ? output.add(piece) : files.write(descriptor, piece);
        if (result) return result;
      }
      memory.setNumber(
        written,
        pieces.reduce((sum, { length }) => sum + length, 0),
      );
      return errno.success;
    },
    fd_seek(descriptor: number, offset: bigint, whence: number, at: number) {
      const position = files.seek(descriptor, Number(offset), whence);
      if (position === undefined) return errno.invalid;
      memory.view.setBigUint64(at, BigInt(position), true);
      return errno.success;
    },
    fd_close: (descriptor: number) => (files.close(descriptor) ? errno.success : errno.badDescriptor),
  };
}

function processCalls(memory: ProgramMemory) {
  return {
    clock_time_get(_clock: number, _precision: bigint, at: number) {
      memory.view.setBigUint64(at, BigInt(Date.now()) * 1_000_000n, true);
      return errno.success;
    },
    proc_exit(code: number) {
      throw new Exit(code);
    },
  };
}
