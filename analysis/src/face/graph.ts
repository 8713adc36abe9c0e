import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';

/** A TensorFlow.js graph model as its two files: the parsed .json and the bytes of the .bin. */
export type GraphFiles = { json: unknown; weights: Uint8Array };

type GraphJson = Required<Pick<io.ModelArtifacts, 'modelTopology' | 'format' | 'signature'>> & {
  weightsManifest: { weights: io.WeightsManifestEntry[] }[];
};

/** Loads a graph model from bytes that are in memory. Throws when they are no graph model. */
export function loadGraph(files: GraphFiles): Promise<GraphModel> {
  const json = files.json as GraphJson;
  const { weights } = files;
  return loadGraphModel({
    load: async () => ({
      modelTopology: json.modelTopology,
      format: json.format,
      signature: json.signature,
      weightSpecs: json.weightsManifest.flatMap((part) => part.weights),
      weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength) as ArrayBuffer,
    }),
  });
}
