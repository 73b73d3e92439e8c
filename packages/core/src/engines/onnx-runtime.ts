import { createRequire } from 'node:module';
import type * as OnnxRuntime from 'onnxruntime-common';

/**
 * ONNX Runtime for this system. Not onnxruntime-node itself: on Linux its install script fetches CUDA from a server of its
 * own, and the installation fails where that cannot be reached.
 *
 * @throws When it is not installed, which is how systems without a library look.
 */
export const onnxRuntime: typeof OnnxRuntime = load();

function load(): typeof OnnxRuntime {
  const name =
    process.platform === 'linux'
      ? `@anura/onnxruntime-${process.platform}-${process.arch}`
      : '@anura/onnxruntime-desktop';
  try {
    return createRequire(import.meta.url)(name) as typeof OnnxRuntime;
  } catch (cause) {
    throw new Error(`ONNX Runtime cannot be loaded; it should be in the package ${name}, which is optional.`, {
      cause,
    });
  }
}
