/** `npm start`: sets the machine up, builds the web app where needed, starts everything embedded with demo challenges. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { NODE, ROOT, SERVER, setUp } from './setup.mjs';
import { buildWeb } from './web.mjs';

const env = setUp();
buildWeb(env);

const server = spawn(NODE, SERVER, {
  cwd: ROOT,
  env: { DEMO: 'on', WEB_DIR: join(ROOT, 'client/dist'), ...env },
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => server.kill(signal));
}
void sayWhenUp();
server.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));

/** One line for people, once the server answers; what the server itself prints is for machines. */
async function sayWhenUp() {
  const scheme = env.TLS_CERT ? 'https' : 'http';
  const port = env.PORT || 8000;
  while (server.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/live`).catch(() => null);
    if (answer?.ok || scheme === 'https') {
      console.log(`\n  Play at ${scheme}://localhost:${port}   (Ctrl+C ends it)\n`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
