import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FaceModels } from '../face/analyser.ts';
import { startBackend } from '../face/backend.ts';
import type { ExpressionFiles } from '../face/expression.ts';
import type { GraphFiles } from '../face/graph.ts';

const MODELS = join(import.meta.dirname, '../../models');

/** Starts TensorFlow.js with the WebAssembly files of the installed package. */
export function startNodeBackend(): Promise<void> {
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  return startBackend(`${dirname(main)}/`);
}

/** Reads the three committed nets of the face. */
export async function readFaceModels(): Promise<FaceModels> {
  const [detector, mesh, expression] = await Promise.all([readGraph('detector'), readGraph('mesh'), readExpression()]);
  return { detector, mesh, expression };
}

/** Reads the committed expression net. */
export async function readExpression(folder = join(MODELS, 'expression')): Promise<ExpressionFiles> {
  const [net, weights] = await Promise.all([readJson(join(folder, 'net.json')), readFile(join(folder, 'weights.bin'))]);
  return { net: net as ExpressionFiles['net'], weights };
}

async function readGraph(name: string): Promise<GraphFiles> {
  const [json, weights] = await Promise.all([
    readJson(join(MODELS, 'face', `${name}.json`)),
    readFile(join(MODELS, 'face', `${name}.bin`)),
  ]);
  return { json, weights };
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}
