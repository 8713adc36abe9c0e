/** One thread of the pool: takes a job, gives its result. Nets are loaded with the first job that needs them. */
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { FaceAnalyser } from '../face/analyser.ts';
import type { Frame, FrameFaces } from '../face/types.ts';

/**
 * What a worker is told: frames, each by itself, for twenty of them at once are 14 MB that the sender's thread would copy in one go; then to read
 * the faces of all that have come, consecutive ones of a clip. Or to read a voice: samples are mono, 16 kHz.
 */
export type Message = { kind: 'frame'; frame: Frame } | { kind: 'face' } | { kind: 'voice'; samples: Float32Array };

/** The result of a face job: the faces of each frame, and the name of the expression net. */
export type FaceJobResult = { model: string; frames: FrameFaces[] };

/** What a worker answers to all but a frame: the result of the job, or the message and stack of what it threw. */
export type Answer = { result: unknown } | { error: string };

let analyser: Promise<FaceAnalyser> | undefined;
const frames: Frame[] = [];

// Linux lowers this thread alone, and whoever waits for an answer of the server goes first; elsewhere it would be the whole process.
if (process.platform === 'linux') {
  setPriority(0, 5);
}

async function loadAnalyser(): Promise<FaceAnalyser> {
  const [models, { createFaceAnalyser }] = await Promise.all([import('./face-models.ts'), import('../face/analyser.ts')]);
  await models.startNodeBackend();
  return createFaceAnalyser(await models.readFaceModels());
}

async function readFaces(all: Frame[]): Promise<FaceJobResult> {
  analyser ??= loadAnalyser();
  const face = await analyser;
  face.reset();
  return { model: face.model, frames: all.map(face.analyseAll) };
}

async function run(job: Exclude<Message, { kind: 'frame' }>): Promise<unknown> {
  if (job.kind === 'face') {
    return readFaces(frames.splice(0));
  }
  const { analyseVoice } = await import('../voice/analyse-voice.ts');
  return analyseVoice(job.samples);
}

parentPort?.on('message', async (message: Message) => {
  if (message.kind === 'frame') {
    frames.push(message.frame);
    return;
  }
  let answer: Answer;
  try {
    answer = { result: await run(message) };
  } catch (error) {
    answer = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  parentPort?.postMessage(answer);
});
