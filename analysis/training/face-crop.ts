/**
 * How the square that is cut from a camera's frame suits the expression net: clear faces are found by the mesh net and cut out anew, as they are,
 * by `expressionSquare`, and wider and tighter than that. Prints one JSON line: accuracy of each.
 *   node analysis/training/face-crop.ts --images F --votes F
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { buildExpressionModel } from '../src/face/expression.ts';
import { expressionSquare } from '../src/face/face-crop.ts';
import { loadGraph } from '../src/face/graph.ts';
import { type Mesh, readMesh } from '../src/face/mesh.ts';
import { cut, grey, type Square } from '../src/face/picture.ts';
import { EMOTIONS } from '../src/face/types.ts';
import { readFaceModels, startNodeBackend } from '../src/node/face-models.ts';
import { rowsOfCsv } from '../src/node/rows-of-csv.ts';

const SIZE = 48;
const scaled = (by: number) => (mesh: Mesh) => ({ ...expressionSquare(mesh), side: expressionSquare(mesh).side * by });
const SQUARES: Record<string, (mesh: Mesh) => Square> = {
  as_they_are: () => ({ x: SIZE / 2, y: SIZE / 2, side: SIZE, angle: 0 }),
  ours: expressionSquare,
  tighter_6: scaled(0.94),
  wider_6: scaled(1.06),
  wider_12: scaled(1.12),
  not_levelled: (mesh) => ({ ...expressionSquare(mesh), angle: 0 }),
};

const { values } = parseArgs({ options: { images: { type: 'string' }, votes: { type: 'string' } } });
const images = gunzipSync(readFileSync(values.images ?? ''));
const votes = rowsOfCsv(readFileSync(values.votes ?? '', 'utf8'), [...EMOTIONS]).map((row) => EMOTIONS.map((name) => Number(row[name])));
await startNodeBackend();
const models = await readFaceModels();
const [meshNet, expression] = [await loadGraph(models.mesh), buildExpressionModel(models.expression)];
const right = Object.fromEntries(Object.keys(SQUARES).map((name) => [name, 0]));
let n = 0;
for (const [i, row] of votes.entries()) {
  if (Math.max(...row) <= 5) {
    continue;
  }
  const data = Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, at) => images[i * SIZE * SIZE + Math.floor(at / 3)] as number);
  const frame = { data, width: SIZE, height: SIZE, timestamp_seconds: 0 };
  const mesh = readMesh(meshNet, frame, { x: SIZE / 2, y: SIZE / 2, side: 44, angle: 0 });
  if (mesh.score < 0.5) {
    continue;
  }
  n++;
  for (const [name, square] of Object.entries(SQUARES)) {
    const scores = expression.scores(grey(cut(frame, square(mesh), SIZE, 'edge')));
    const isRight = scores.indexOf(Math.max(...scores)) === row.indexOf(Math.max(...row));
    right[name] = (right[name] as number) + (isRight ? 1 : 0);
  }
}
const accuracy = Object.fromEntries(Object.entries(right).map(([name, count]) => [name, Math.round((count / n) * 10_000) / 10_000]));
console.log(JSON.stringify({ n, ...accuracy }));
