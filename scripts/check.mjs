/** `npm run check`: the quick half, under a minute: types, format, lint, import law, unused code and unit tests. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './setup.mjs';

const result = spawnSync(process.execPath, [join(ROOT, 'scripts/test.mjs'), 'static', 'unit'], { cwd: ROOT, stdio: 'inherit' });
process.exit(result.status ?? 1);
