/** One thread of the pool: takes a job, gives its result. Nets are loaded with the first job that needs them. */
import { parentPort } from 'node:worker_threads';
import type { FaceAnalyser } from '../face/analyser.ts';
import type { Frame, FrameFaces } from '../face/types.ts';

/** What a worker is asked. Face frames are consecutive ones of a clip; samples are mono, 16 kHz. */
export type Job = { kind: 'face'; frames: Frame[] } | { kind: 'voice'; samples: Float32Array };

/** The result of a face job: the faces of each frame, and the name of the expression net. */
export type FaceJobResult = { model: string; frames: FrameFaces[] };

/** What a worker answers: the result of the job, or the message and stack of what it threw. */
export type Answer = { result: unknown } | { error: string };

let analyser: Promise<FaceAnalyser> | undefined;

async function loadAnalyser(): Promise<FaceAnalyser> {
  const [models, { createFaceAnalyser }] = await Promise.all([import('./face-models.ts'), import('../face/analyser.ts')]);
  await models.startNodeBackend();
  return createFaceAnalyser(await models.readFaceModels());
}

async function readFaces(frames: Frame[]): Promise<FaceJobResult> {
  analyser ??= loadAnalyser();
  const face = await analyser.catch((error: unknown) => {
    // with the next job they may be back
    analyser = undefined;
    throw error;
  });
  face.reset();
  return { model: face.model, frames: frames.map(face.analyseAll) };
}

async function run(job: Job): Promise<unknown> {
  if (job.kind === 'face') {
    return readFaces(job.frames);
  }
  const { analyseVoice } = await import('../voice/analyse-voice.ts');
  return analyseVoice(job.samples);
}

parentPort?.on('message', async (job: Job) => {
  let answer: Answer;
  try {
    answer = { result: await run(job) };
  } catch (error) {
    answer = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  parentPort?.postMessage(answer);
});
