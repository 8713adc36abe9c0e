/**
 * `npm run evaluate -- faces --images F --votes F` or `npm run evaluate -- voice --dir D --labels F`:
 * measures the committed weights on the given data and prints one JSON line.
 */
const EVALUATIONS = {
  faces: '../analysis/src/node/evaluate-faces.ts',
  voice: '../analysis/src/node/evaluate-voice.ts',
};

const [subject, ...args] = process.argv.slice(2);
if (subject !== 'faces' && subject !== 'voice') {
  console.error('usage: npm run evaluate -- faces --images F --votes F | voice --dir D --labels F');
  process.exit(2);
}
const file = new URL(EVALUATIONS[subject], import.meta.url);
const { evaluate }: { evaluate: (args: string[]) => Promise<object> } = await import(file.href);
try {
  console.log(JSON.stringify(await evaluate(args)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
