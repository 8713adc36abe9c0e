/** The still picture in front of a video. */
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CANVAS_HEIGHT, CANVAS_WIDTH } from '@2t1l/game/limits';
import { openArgs, runFfmpeg, type Tools } from './ffmpeg.ts';

/** `at_seconds` is the moment shown, half a second in if not said. */
export interface PosterOptions {
  tools: Tools;
  at_seconds?: number;
  signal?: AbortSignal | undefined;
}

/** Writes a JPEG of 720x1280 from a merged video, whole or not at all. Throws as `runFfmpeg` does, FfmpegError too where `at_seconds` is past the end. */
export async function makePoster(video: string, output: string, { tools, at_seconds = 0.5, signal }: PosterOptions): Promise<void> {
  const part = join(dirname(output), `.poster-${crypto.randomUUID()}.jpg`);
  const open = ['-threads', '1', '-ss', String(at_seconds), ...openArgs(video, 'mov')];
  const frame = [
    '-frames:v',
    '1',
    '-an',
    '-vf',
    `scale=${CANVAS_WIDTH}:${CANVAS_HEIGHT}:out_range=full,format=yuvj420p,setsar=1`,
    '-q:v',
    '4',
  ];
  try {
    // without -update a % in the path of a folder is a number to be filled in
    await runFfmpeg(
      tools,
      [
        ...open,
        ...frame,
        '-map_metadata',
        '-1',
        '-fflags',
        '+bitexact',
        '-flags:v',
        '+bitexact',
        '-c:v',
        'mjpeg',
        '-f',
        'image2',
        '-update',
        '1',
        part,
      ],
      {
        signal,
        cpu_seconds: 30,
      },
    );
    await rename(part, output);
  } finally {
    await rm(part, { force: true });
  }
}
