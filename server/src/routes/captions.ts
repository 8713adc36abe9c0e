/** The three typed statements as WebVTT (w3.org/TR/webvtt1). */
import type { Segment } from '@2t1l/game/challenge';

/** One cue for each statement that was typed, over its segment. */
export function webVtt(statements: readonly (string | null)[], segments: readonly Segment[]): string {
  const cues = segments.flatMap(({ start_seconds, end_seconds }, index) => {
    const line = statements[index];
    return line == null ? [] : [`${index + 1}\n${clock(start_seconds)} --> ${clock(end_seconds)}\n${escapeText(line)}\n`];
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

/** `00:01:02.345` */
function clock(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`;
}

/** A statement is one line of plain text: neither markup nor an arrow comes of it. */
function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
