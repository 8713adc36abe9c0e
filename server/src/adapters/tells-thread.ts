/**
 * A thread that has clips measured: it runs ffmpeg, hands pictures and sound to the pool's threads and puts their results together. All
 * that garbage (85 MB of pictures a minute of clip) is this thread's to collect, so that the one that answers requests stands still for none of it.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { lowerPriority } from '@2t1l/analysis/node/lower-priority';
import { createAnalysisPool } from '@2t1l/analysis/node/pool';
import { Problem, type ProblemCode } from '@2t1l/contract/problems';
import type { ClipAnalysis, ClipFile } from '../ports.ts';
import { ffmpegMedia } from './ffmpeg-media.ts';
import { measureClip } from './measure-clip.ts';

/** What the thread is given at its start. */
export interface ThreadSettings {
  ffmpeg_path: string | null;
  sure_confidence: number;
}

/** A clip to be measured, under a number of the asker's; or that number alone, to let it be. Each clip is answered once, that one too. */
export type Ask = { id: number; clip: ClipFile } | { id: number; clip: null };

/** `code` where it was a Problem. */
export interface Fault {
  message: string;
  code: ProblemCode | null;
  retry_after_seconds: number | undefined;
}

export type Answer = { id: number; result: ClipAnalysis } | { id: number; fault: Fault };

lowerPriority();
const { ffmpeg_path, sure_confidence } = workerData as ThreadSettings;
const media = ffmpegMedia(ffmpeg_path);
const pool = createAnalysisPool({ sureConfidence: sure_confidence });
const running = new Map<number, AbortController>();

parentPort?.on('message', async ({ id, clip }: Ask) => {
  if (clip === null) {
    running.get(id)?.abort();
    return;
  }
  const ending = new AbortController();
  running.set(id, ending);
  let answer: Answer;
  try {
    answer = { id, result: await measureClip(clip, { media: await media(), pool }, ending.signal) };
  } catch (error) {
    answer = { id, fault: faultOf(error) };
  }
  running.delete(id);
  parentPort?.postMessage(answer);
});

function faultOf(error: unknown): Fault {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return error instanceof Problem
    ? { message: error.detail ?? message, code: error.code, retry_after_seconds: error.retry_after_seconds }
    : { message, code: null, retry_after_seconds: undefined };
}
