/**
 * Keeps a process from ending while another thread is inside native code. Node stops its threads on `process.exit`, and
 * onnxruntime answers that by aborting the whole process: exit code 134 and a core dump instead of a clean end.
 *
 * ```
 * thread:  pass ─► occupied ─► native call ─► free        main, at exit:  shut ─► wait until free ─► gone
 * ```
 */
const occupiedSlot = 0;
const shutSlot = 1;

/** Longest wait at exit, milliseconds: one step of a large model on a slow machine. */
const longestWaitMs = 10_000;

/** Memory for one gate, to be handed to the thread. */
export function gateMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
}

/**
 * On the thread: does work that enters native code.
 *
 * @throws Error where the gate is shut.
 */
export async function passGate<T>(memory: SharedArrayBuffer, work: () => Promise<T>): Promise<T> {
  const slots = new Int32Array(memory);
  Atomics.store(slots, occupiedSlot, 1);
  try {
    if (Atomics.load(slots, shutSlot)) throw new Error('the process is ending');
    return await work();
  } finally {
    Atomics.store(slots, occupiedSlot, 0);
    Atomics.notify(slots, occupiedSlot);
  }
}

/** On the main thread, when the process ends: nobody passes any more, and who is inside may finish. Blocks. */
export function shutGate(memory: SharedArrayBuffer): void {
  const slots = new Int32Array(memory);
  Atomics.store(slots, shutSlot, 1);
  Atomics.wait(slots, occupiedSlot, 1, longestWaitMs);
}
