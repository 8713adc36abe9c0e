/** Reads the pictures of the preview, off the page's thread: the same nets and the same code as on the server. Of the pictures nothing is kept, and nothing is sent. */
import { createFaceAnalyser, type FaceAnalyser } from '@2t1l/analysis/face/analyser';
import { startBackend } from '@2t1l/analysis/face/backend';
import type { ExpressionNet } from '@2t1l/analysis/face/expression';
import type { Frame } from '@2t1l/analysis/face/types';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm';
import net from '../../../../../../analysis/models/expression/net.json';
import weights from '../../../../../../analysis/models/expression/weights.bin';
import detectorWeights from '../../../../../../analysis/models/face/detector.bin';
import detector from '../../../../../../analysis/models/face/detector.json';
import meshWeights from '../../../../../../analysis/models/face/mesh.bin';
import mesh from '../../../../../../analysis/models/face/mesh.json';
import { createBlinkWatch } from './blink-watch.ts';
import type { PreviewAnswer, PreviewPicture } from './preview.types.ts';

/** The part of a worker's own scope that is used here; the types of the DOM know pages only. */
interface WorkerScope {
  location: { href: string };
  onmessage: ((event: { data: PreviewPicture }) => void) | null;
  postMessage(answer: PreviewAnswer): void;
}

const scope = self as unknown as WorkerScope;
const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext('2d', { willReadFrequently: true });
const analyser = load();
const watchBlinks = createBlinkWatch();

scope.onmessage = ({ data }) => {
  void answer(data);
};

async function answer({ bitmap, timestamp_seconds, take }: PreviewPicture): Promise<void> {
  try {
    const picture = readPixels(bitmap, timestamp_seconds);
    const frame = (await analyser).analyse(picture);
    scope.postMessage({ status: 'read', frame, blinks: watchBlinks(frame, take) });
  } catch (error) {
    scope.postMessage({ status: 'failed', reason: String(error) });
  }
}

async function load(): Promise<FaceAnalyser> {
  const url = addressOf(simd);
  // Without SIMD the page does not start this worker; threads need headers that other parts of the page cannot live with.
  await startBackend({
    'tfjs-backend-wasm.wasm': url,
    'tfjs-backend-wasm-simd.wasm': url,
    'tfjs-backend-wasm-threaded-simd.wasm': url,
  });
  const [found, meshed, expressed] = await Promise.all([detectorWeights, meshWeights, weights].map(bytesOf));
  if (found === undefined || meshed === undefined || expressed === undefined) {
    throw new Error('a net is missing');
  }
  return createFaceAnalyser({
    detector: { json: detector, weights: found },
    mesh: { json: mesh, weights: meshed },
    expression: { net: net as unknown as ExpressionNet, weights: expressed },
  });
}

function addressOf(path: string): string {
  return new URL(path, scope.location.href).href;
}

async function bytesOf(path: string): Promise<Uint8Array> {
  const response = await fetch(addressOf(path));
  if (!response.ok) {
    throw new Error(`${path}: ${response.status}`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

/** RGB of the bitmap, which is closed. */
function readPixels(bitmap: ImageBitmap, timestamp_seconds: number): Frame {
  const { width, height } = bitmap;
  if (context === null) {
    throw new Error('no canvas');
  }
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data: rgba } = context.getImageData(0, 0, width, height);
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    data[to++] = rgba[from] ?? 0;
    data[to++] = rgba[from + 1] ?? 0;
    data[to++] = rgba[from + 2] ?? 0;
  }
  return { data, width, height, timestamp_seconds };
}
