/** `npm run dev`: the server restarts when its sources change, the app reloads (Metro on port 8081, calls go to the server on 8000). */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { NODE, ROOT, SERVER, setUp } from './setup.mjs';

const env = setUp();
const parts = [
  spawn(NODE, ['--watch', ...SERVER], { cwd: ROOT, env: { DEMO: 'on', ...env }, stdio: 'inherit' }),
  spawn('expo', ['start', '--web', '--port', '8081'], {
    cwd: join(ROOT, 'client'),
    env: { EXPO_PUBLIC_API_URL: 'http://localhost:8000', EXPO_OFFLINE: '1', EXPO_NO_TELEMETRY: '1', ...env },
    stdio: 'inherit',
  }),
];
const stop = () => {
  for (const part of parts) {
    part.kill('SIGTERM');
  }
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
for (const part of parts) {
  part.on('exit', stop);
}
