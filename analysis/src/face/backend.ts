import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { ready, setBackend } from '@tensorflow/tfjs-core';

/**
 * Starts TensorFlow.js on WebAssembly; call it once before `createFaceAnalyser`. `wasmFolder` is a path or URL, ending in a slash, of the
 * folder with tfjs-backend-wasm's three .wasm files. Throws where the processor or browser has no WebAssembly.
 */
export async function startBackend(wasmFolder: string): Promise<void> {
  setWasmPaths(wasmFolder);
  if (!(await setBackend('wasm'))) {
    throw new Error('WebAssembly does not start here');
  }
  await ready();
}
