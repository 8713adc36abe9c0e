/**
 * One process that does what a worker does with clips, with nothing else loaded: `work.ts merge OUTPUT CLIP...` merges, preparing first each
 * clip whose path follows `--prepare`; `work.ts prepare HANDS CLIP...` prepares clips that arrive at once, so many at a time.
 */
import { dirname, join } from 'node:path';

const [task, target = '', ...clips] = process.argv.slice(2);
const { findTools } = await import('@2t1l/media/ffmpeg');
const ffmpeg = process.env.FFMPEG_PATH;

if (task === 'merge') {
  const paths: string[] = [];
  for (const [index, clip] of clips.entries()) {
    if (clip !== '--prepare') {
      paths.push(clips[index - 1] === '--prepare' ? await prepare(clip, `${target}.${index}.mp4`) : clip);
    }
  }
  const { mergeClips } = await import('@2t1l/media/merge');
  await mergeClips(paths, target, { tools: { ffmpeg: ffmpeg ?? 'ffmpeg', ffprobe: 'ffprobe' }, workDir: join(dirname(target), 'work') });
} else {
  const waiting = clips.map((clip) => async () => await prepare(clip, `${clip}.canonical.mp4`));
  await Promise.all(
    Array.from({ length: Number(target) }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await next();
      }
    }),
  );
}

async function prepare(input: string, output: string): Promise<string> {
  const tools = await findTools(ffmpeg);
  const [{ checkClip }, { canonicalise }] = await Promise.all([import('@2t1l/media/check'), import('@2t1l/media/canonicalise')]);
  if (tools === null) {
    throw new Error('ffmpeg is missing');
  }
  const check = await checkClip(input, { tools });
  if (check.outcome === 'refused') {
    throw new Error(`${input} is refused: ${check.reasons.join(', ')}`);
  }
  return (await canonicalise(input, output, { tools, facts: check.facts })).path;
}
