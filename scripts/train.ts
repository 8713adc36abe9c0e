/**
 * `npm run train -- faces|voice --data D`: trains the committed weights anew from the data folder.
 * The training is Python with Debian's python3-torch (and for the voice what analysis/training says); inference is TypeScript.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sumModels } from '@2t1l/analysis/node/check-models';

const TRAININGS = { faces: 'faces.py', voice: 'voice.py' };

const [subject, ...args] = process.argv.slice(2);
if ((subject !== 'faces' && subject !== 'voice') || !args.includes('--data')) {
  console.error('usage: npm run train -- faces|voice --data D');
  process.exit(2);
}
const script = fileURLToPath(new URL(`../analysis/training/${TRAININGS[subject]}`, import.meta.url));
// Debian's own Python: another one first on the PATH does not see python3-torch.
const { status, error } = spawnSync('/usr/bin/python3', [script, ...args], { stdio: 'inherit' });
if (error) {
  console.error(error.message);
}
if (status === 0) {
  await sumModels();
}
process.exit(status ?? 1);
