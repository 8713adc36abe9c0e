import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { buildExpressionModel, type ExpressionModel } from '../face/expression.ts';
import { EMOTIONS } from '../face/types.ts';
import { readExpression } from './face-models.ts';
import { rowsOfCsv } from './rows-of-csv.ts';
import { ci95, rounded } from './scores.ts';

/**
 * What the committed expression net reaches on clear faces (more than 5 votes for one of the seven classes). `accuracy` with its 95 %
 * Wilson interval; `balanced_accuracy`: mean of the recalls of the classes that occur; `ece`: expected calibration error in 15 equal bins;
 * `confusion`: rows truth, columns answer, in the order of `classes`; `reliability`: bins of confidence with their count, mean confidence and accuracy.
 */
export type FaceEvaluation = {
  n: number;
  accuracy: number;
  ci95: [number, number];
  balanced_accuracy: number;
  ece: number;
  recall: Record<string, number | null>;
  unsure_share: number;
  milliseconds_per_face: number;
  model: string;
  classes: readonly string[];
  confusion: number[][];
  reliability: { n: number; confidence: number; accuracy: number }[];
};

const BINS = 15;
const AREA = 48 * 48;

/** Reads `--images F --votes F` (raw 48x48 bytes, gzip or not; csv with a header) and measures. `--model FOLDER` takes other weights. Throws on files that do not fit. */
export async function evaluate(args: string[]): Promise<FaceEvaluation> {
  const { values } = parseArgs({ args, options: { images: { type: 'string' }, votes: { type: 'string' }, model: { type: 'string' } } });
  if (!values.images || !values.votes) {
    throw new Error('usage: npm run evaluate -- faces --images F --votes F');
  }
  const bytes = await readFile(values.images);
  const images = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  const rows = rowsOfCsv(await readFile(values.votes, 'utf8'), [...EMOTIONS]);
  const votes = rows.map((row) => EMOTIONS.map((emotion) => Number(row[emotion])));
  if (images.length !== votes.length * AREA) {
    throw new Error(`${values.images} holds ${images.length / AREA} faces, ${values.votes} ${votes.length} rows`);
  }
  return measure(buildExpressionModel(await readExpression(values.model)), images, votes);
}

function measure(model: ExpressionModel, images: Uint8Array, votes: number[][]): FaceEvaluation {
  const clear = votes.flatMap((row, i) => (Math.max(...row) > 5 ? [i] : []));
  const confusion = EMOTIONS.map(() => EMOTIONS.map(() => 0));
  const bins = Array.from({ length: BINS }, () => ({ n: 0, confidence: 0, right: 0 }));
  let [right, unsure] = [0, 0];
  const began = process.cpuUsage();
  for (const i of clear) {
    const row = model.scores(Float32Array.from(images.subarray(i * AREA, (i + 1) * AREA)));
    const confidence = Math.max(...row);
    const answer = row.indexOf(confidence);
    const truth = largest(votes[i] as number[]);
    const line = confusion[truth] as number[];
    line[answer] = (line[answer] as number) + 1;
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))] as (typeof bins)[number];
    bin.n++;
    bin.confidence += confidence;
    bin.right += answer === truth ? 1 : 0;
    right += answer === truth ? 1 : 0;
    unsure += confidence < 0.6 ? 1 : 0;
  }
  const spent = process.cpuUsage(began);
  const n = clear.length;
  const recalls = confusion.map((line, c) => {
    const total = line.reduce((a, b) => a + b);
    return total === 0 ? null : (line[c] as number) / total;
  });
  const known = recalls.filter((recall) => recall !== null);
  return {
    n,
    accuracy: rounded(right / n),
    ci95: ci95(right, n),
    balanced_accuracy: rounded(known.reduce((a, b) => a + b, 0) / known.length),
    ece: rounded(bins.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) / n),
    recall: Object.fromEntries(EMOTIONS.map((emotion, c) => [emotion, recalls[c] === null ? null : rounded(recalls[c] as number)])),
    unsure_share: rounded(unsure / n),
    milliseconds_per_face: rounded((spent.user + spent.system) / 1000 / n),
    model: model.name,
    classes: EMOTIONS,
    confusion,
    reliability: bins.map((bin) => ({
      n: bin.n,
      confidence: rounded(bin.confidence / (bin.n || 1)),
      accuracy: rounded(bin.right / (bin.n || 1)),
    })),
  };
}

function largest(row: number[]): number {
  return row.indexOf(Math.max(...row));
}
