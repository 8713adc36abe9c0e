/** The media engine behind its port: percents for fractions, Problems for its errors. */
import { Problem } from '@2t1l/contract/problems';
import type { Media, MediaCall } from '../ports.ts';

/** Of the way to a canonical clip, the check is about this much where something has to be redone. */
const CHECK_SHARE = 0.15;
/** A tool that was there may be back by then, and a busy machine less so. */
const TOOL_BACK_SECONDS = 1;

/**
 * Gives the engine with its tools, loaded at the first call; `ffmpegPath` names the ffmpeg to use. The call throws a
 * `media_tool_missing` Problem where there is none, `busy` where that cannot be told now, and looks again the next time.
 */
export function ffmpegMedia(ffmpegPath: string | null): () => Promise<Media> {
  let loaded: Promise<Media> | null = null;
  return () => {
    loaded ??= load(ffmpegPath).catch((error: unknown) => {
      loaded = null;
      throw error;
    });
    return loaded;
  };
}

async function load(ffmpegPath: string | null): Promise<Media> {
  const { findTools, ...engine } = await importEngine();
  const translated = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw translate(error, engine);
    }
  };
  const tools = await translated(() => findTools(ffmpegPath ?? undefined));
  if (tools === null) {
    throw new Problem('media_tool_missing', {
      detail: 'ffmpeg or ffprobe does not start; install ffmpeg or set FFMPEG_PATH',
    });
  }
  return {
    prepare: (input, output, call) =>
      translated(async () => {
        const check = await engine.checkClip(input, { tools, signal: call.signal, onProgress: part(call, 0, CHECK_SHARE) });
        if (check.outcome === 'refused') {
          return check;
        }
        const { facts, notices } = check;
        try {
          const options = { tools, facts, signal: call.signal, onProgress: part(call, CHECK_SHARE, 1) };
          const { path } = await engine.canonicalise(input, output, options);
          const { duration_seconds, width, height, has_sound } = facts;
          call.onProgress?.(100);
          return {
            outcome: 'accepted',
            facts: { duration_seconds, width, height, has_sound },
            notices,
            output: path === input ? null : path,
          };
        } catch (error) {
          if (isClipsFault(error, engine)) {
            return { outcome: 'refused', reasons: ['damaged'] };
          }
          throw error;
        }
      }),
    merge: (inputs, output, { transition, workDir }, call) =>
      translated(async () => {
        const { segments } = await engine.mergeClips(inputs, output, {
          tools,
          workDir,
          transition,
          signal: call.signal,
          onProgress: part(call, 0, 1),
        });
        return { segments };
      }),
    slim: (video, output, { segments, workDir }, call) =>
      translated(async () => {
        const { makeSlim } = await import('@2t1l/media/slim');
        return await makeSlim(video, output, { tools, segments, workDir, signal: call.signal, onProgress: part(call, 0, 1) });
      }),
    poster: (video, output, call) => translated(() => engine.makePoster(video, output, { tools, signal: call.signal })),
    frames: async function* (clip, workDir, size, { signal }) {
      const { extractFrames } = await import('@2t1l/media/extract');
      try {
        yield* extractFrames(clip, { tools, ...size, workDir, signal });
      } catch (error) {
        throw translate(error, engine);
      }
    },
    sound: (clip, { signal }) =>
      translated(async () => {
        const { extractSound } = await import('@2t1l/media/extract');
        return await extractSound(clip, { tools, signal });
      }),
    drawScene: (output, { line, voice, figure }, call) =>
      translated(async () => {
        const { drawScene } = await import('@2t1l/media/scenes');
        await drawScene(output, { tools, lines: [line], voice, scene: figure, caption: false, signal: call.signal });
      }),
  };
}

async function importEngine() {
  const [{ checkClip }, { canonicalise }, { mergeClips }, { makePoster }, { findTools }, { BoxError }, errors] = await Promise.all([
    import('@2t1l/media/check'),
    import('@2t1l/media/canonicalise'),
    import('@2t1l/media/merge'),
    import('@2t1l/media/poster'),
    import('@2t1l/media/ffmpeg'),
    import('@2t1l/media/boxes'),
    import('@2t1l/media/ffmpeg-errors'),
  ]);
  const { blamesFile, DiskFullError, FfmpegError, ToolBusyError, ToolMissingError } = errors;
  return {
    checkClip,
    canonicalise,
    mergeClips,
    makePoster,
    blamesFile,
    findTools,
    BoxError,
    DiskFullError,
    FfmpegError,
    ToolBusyError,
    ToolMissingError,
  };
}
type Engine = Omit<Awaited<ReturnType<typeof importEngine>>, 'findTools'>;

/** Fractions 0 to 1 of one part of the work, told as percents of the whole. */
function part({ onProgress }: MediaCall, from: number, to: number): ((fraction: number) => void) | undefined {
  return onProgress === undefined ? undefined : (fraction) => onProgress(Math.round(100 * (from + (to - from) * fraction)));
}

/**
 * The check decodes key frames only; what lies between them may still turn out to be broken, or to cost more processor time than any clip.
 * Trying again would not help. The wall clock is no judge: it runs out for a good clip too where the machine has too much to do.
 */
function isClipsFault(error: unknown, { blamesFile, BoxError, FfmpegError }: Engine): boolean {
  return error instanceof BoxError || (blamesFile(error) && error instanceof FfmpegError && !isToolsFault(error.last_lines));
}

/** Said by an ffmpeg that was built without something that is needed. */
function isToolsFault(lines: readonly string[]): boolean {
  return lines.some((line) => /Unknown (encoder|decoder)|No such filter|Unrecognized option/i.test(line));
}

function translate(error: unknown, { DiskFullError, FfmpegError, ToolBusyError, ToolMissingError }: Engine): unknown {
  if (error instanceof DiskFullError) {
    return new Problem('storage_full', { cause: error });
  }
  if (error instanceof ToolBusyError) {
    return new Problem('busy', { retry_after_seconds: TOOL_BACK_SECONDS, cause: error });
  }
  if (error instanceof ToolMissingError) {
    // It was there when the engine was loaded: it is being replaced, say, or the system could start no process.
    return new Problem('media_tool_missing', { retry_after_seconds: TOOL_BACK_SECONDS, cause: error });
  }
  if (error instanceof FfmpegError && isToolsFault(error.last_lines)) {
    return new Problem('media_tool_missing', { detail: 'This ffmpeg lacks an encoder or a filter that is needed', cause: error });
  }
  return error;
}
