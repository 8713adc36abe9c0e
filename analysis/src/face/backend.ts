import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { ready, setBackend } from '@tensorflow/tfjs-core';

/**
 * Starts TensorFlow.js on WebAssembly; call it once before `createFaceAnalyser`. `wasm` is a path or URL, ending in a slash, of the
 * folder with tfjs-backend-wasm's three .wasm files, or the URL of each of them by its name. Throws where the processor or browser has no
 * WebAssembly.
 */
export async function startBackend(wasm: Parameters<typeof setWasmPaths>[0]): Promise<void> {
  setWasmPaths(wasm);
  if (!(await setBackend('wasm'))) {
    throw new Error('WebAssembly does not start here');
  }
  await ready();
}
