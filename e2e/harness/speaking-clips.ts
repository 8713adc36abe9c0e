/** Clips with a voice, and with or without a face, as a person's recordings are. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FFMPEG, run } from './run.ts';

/** One face in a picture that comes with the face-api package, as a window of it: left, top, width; the height follows. */
const PICTURE = fileURLToPath(new URL('demo/sample3.jpg', import.meta.resolve('@vladmandic/face-api/package.json')));
const FACE = { left: 1073, top: 60, width: 342, height: 608 };

export interface SpeakingRecipe {
  /** Said by flite. */
  text: string;
  voice: 'slt' | 'kal' | 'rms' | 'awb';
  /** False: a test pattern. */
  hasFace: boolean;
}

/** A clip of 720x1280 at 30 pictures a second, as long as its speech and a breath, in `folder`; the head moves a little. */
export async function makeSpeakingClip(folder: string, name: string, { text, voice, hasFace }: SpeakingRecipe): Promise<string> {
  const path = join(folder, `${name}.mp4`);
  if (await stat(path).catch(() => null)) {
    return path;
  }
  const picture = hasFace ? ['-loop', '1', '-framerate', '30', '-i', PICTURE] : ['-f', 'lavfi', '-i', 'testsrc2=size=720x1280:rate=30'];
  const { left, top, width, height } = FACE;
  const move = `crop=${width}:${height}:${left}+8*sin(2*t):${top}+5*sin(3*t),`;
  await run(FFMPEG, [
    ...['-v', 'error', '-nostdin', '-y', ...picture],
    ...['-f', 'lavfi', '-i', `flite=text='${text}':voice=${voice}`],
    ...['-vf', `${hasFace ? move : ''}scale=720:1280,format=yuv420p`, '-af', 'aresample=48000,apad=pad_dur=0.4'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'baseline', '-crf', '30', '-threads', '1', '-g', '60'],
    ...['-c:a', 'aac', '-b:a', '64k', '-shortest', '-movflags', '+faststart', path],
  ]);
  return path;
}

const SAID = [
  ['I have been to fifteen countries and slept in a lighthouse', 'rms'],
  ['My first car was a fire engine. I still have the bell of it', 'rms'],
  ['Once I missed a train, and met my wife on the next one', 'rms'],
] as const;

/** Three statements by one face and one voice. */
export function makeThreeStatements(folder: string): Promise<string[]> {
  return Promise.all(
    SAID.map(([text, voice], index) => makeSpeakingClip(folder, `statement-${index + 1}`, { text, voice, hasFace: true })),
  );
}
