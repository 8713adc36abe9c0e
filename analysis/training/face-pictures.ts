/**
 * Draws the two pictures of docs/models/expression.md from an evaluation:
 *   node scripts/evaluate.ts faces --images F --votes F | node analysis/training/face-pictures.ts docs/models
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { FaceEvaluation } from '../src/node/evaluate-faces.ts';

const INK = '#1f2937';
const FONT = 'font-family="system-ui, sans-serif"';

function picture(width: number, height: number, title: string, parts: string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">`;
  return `${[head, `<title>${title}</title>`, `<rect width="${width}" height="${height}" fill="#ffffff"/>`, ...parts, '</svg>'].join('\n')}\n`;
}

function label(x: number, y: number, value: string, anchor = 'middle', colour = INK, size = 13): string {
  return `<text x="${x}" y="${y}" ${FONT} font-size="${size}" fill="${colour}" text-anchor="${anchor}">${value}</text>`;
}

/** Rows are the taggers' class, columns the net's; a cell's shade is its share of the row, its number the count. */
function confusion({ classes, confusion: counts, n }: FaceEvaluation): string {
  const [cell, left, top] = [64, 130, 60];
  const parts = [label(left + (cell * classes.length) / 2, 22, 'the net says', 'middle', INK, 14)];
  for (const [row, line] of counts.entries()) {
    const total = line.reduce((a, b) => a + b);
    const y = top + row * cell;
    parts.push(label(left - 10, y + cell / 2 + 5, `${classes[row]} (${total})`, 'end'));
    parts.push(label(left + row * cell + cell / 2, top - 12, classes[row] as string, 'middle', INK, 12));
    for (const [column, count] of line.entries()) {
      const share = total === 0 ? 0 : count / total;
      const x = left + column * cell;
      parts.push(
        `<rect x="${x}" y="${y}" width="${cell - 2}" height="${cell - 2}" fill="#1d4ed8" fill-opacity="${(0.04 + 0.96 * share).toFixed(3)}"/>`,
      );
      parts.push(label(x + cell / 2 - 1, y + cell / 2 - 1, String(count), 'middle', share > 0.5 ? '#ffffff' : INK));
      parts.push(label(x + cell / 2 - 1, y + cell / 2 + 15, `${Math.round(share * 100)} %`, 'middle', share > 0.5 ? '#ffffff' : INK, 10));
    }
  }
  const size = cell * classes.length;
  return picture(left + size + 20, top + size + 20, `Confusion matrix over ${n} clear faces: rows are the taggers' majority`, parts);
}

/** Bars: accuracy of the faces in each bin of confidence; the line: what a calibrated net has. Circles grow with the count. */
function reliability({ reliability: bins, n, ece }: FaceEvaluation): string {
  const [size, left, top] = [360, 60, 30];
  const x = (value: number) => left + value * size;
  const y = (value: number) => top + (1 - value) * size;
  const parts = [`<line x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" stroke="#9ca3af" stroke-dasharray="5 5"/>`];
  for (const tick of [0, 0.2, 0.4, 0.6, 0.8, 1]) {
    parts.push(
      label(x(tick), top + size + 18, tick.toFixed(1), 'middle', INK, 11),
      label(left - 8, y(tick) + 4, tick.toFixed(1), 'end', INK, 11),
    );
  }
  for (const [i, bin] of bins.entries()) {
    if (bin.n === 0) {
      continue;
    }
    const [from, to] = [x(i / bins.length), x((i + 1) / bins.length)];
    parts.push(
      `<rect x="${(from + 1).toFixed(1)}" y="${y(bin.accuracy).toFixed(1)}" width="${(to - from - 2).toFixed(1)}" height="${(bin.accuracy * size).toFixed(1)}" fill="#1d4ed8" fill-opacity="0.25"/>`,
      `<circle cx="${x(bin.confidence).toFixed(1)}" cy="${y(bin.accuracy).toFixed(1)}" r="${(2 + 14 * Math.sqrt(bin.n / n)).toFixed(1)}" fill="#1d4ed8"/>`,
    );
  }
  parts.push(`<rect x="${left}" y="${top}" width="${size}" height="${size}" fill="none" stroke="${INK}"/>`);
  parts.push(label(left + size / 2, top + size + 40, 'confidence', 'middle', INK, 14));
  parts.push(`<g transform="rotate(-90 16 ${top + size / 2})">${label(16, top + size / 2, 'accuracy', 'middle', INK, 14)}</g>`);
  return picture(left + size + 30, top + size + 56, `Reliability over ${n} clear faces, expected calibration error ${ece}`, parts);
}

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node scripts/evaluate.ts faces ... | node analysis/training/face-pictures.ts FOLDER');
  process.exit(2);
}
const evaluation = JSON.parse(await text(process.stdin)) as FaceEvaluation;
writeFileSync(join(folder, 'expression-confusion.svg'), confusion(evaluation));
writeFileSync(join(folder, 'expression-reliability.svg'), reliability(evaluation));
