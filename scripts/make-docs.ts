/**
 * Writes the documents that are made from the code: `node scripts/make-docs.ts`. With `--check` it writes nothing and ends with
 * code 1 where one of them is stale.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settingsTable } from '../server/src/settings.ts';
import { apiPage } from './api-page.ts';

const DOCS = join(import.meta.dirname, '../docs');

/** File name below docs/ and its content. */
export const DOCUMENTS: Readonly<Record<string, () => string | Promise<string>>> = {
  'api.md': apiPage,
  'configuration.md': configuration,
};

/** Names of the documents whose file is not what the code says. */
export async function staleDocuments(): Promise<string[]> {
  const stale: string[] = [];
  for (const [name, make] of Object.entries(DOCUMENTS)) {
    const present = await readFile(join(DOCS, name), 'utf8').catch(() => null);
    if (present !== (await make())) {
      stale.push(name);
    }
  }
  return stale;
}

function configuration(): string {
  return `# Configuration

Environment variables, read once at the start. Nothing has to be set: without any, \`npm run serve\` is a development server on this machine.
Whatever is wrong with them is said at once, a line for each setting, and the server does not start. An empty value counts as none.
This page is made from \`server/src/config.ts\` by \`node scripts/make-docs.ts\`.

${settingsTable()}

## In production

\`NODE_ENV=production\` listens on all addresses (\`HOST\`), because a container or a proxy stands in front; in development only this machine reaches the
server. It needs \`PUBLIC_URL\` or \`ALLOWED_HOSTS\`, keeps the limits on, and refuses short secrets and those of examples. Without \`SECRET_KEY\`
the key is made at the first start and lies in \`DATA_DIR/secret.key\`: keep \`DATA_DIR\` on a disk that outlives the container, or everybody has to log in
again and no address of a video is valid any more.

To change the key, put the new one in front, \`SECRET_KEY=new:...,old:...\`, and take the old one out after \`TOKEN_MINUTES\` and twelve hours.
\`node -e "console.log(crypto.randomBytes(32).toString('base64url'))"\` makes a good one.

## Notifications

They need nothing but a \`PUBLIC_URL\` with https: push services are told it as the sender's address. In development they are off, and the app says so; \`PUSH=on\` with such a
\`PUBLIC_URL\` turns them on. Keep \`DATA_DIR/vapid.key\` (or \`VAPID_KEY\`): browsers have subscribed to that key, and with another one each hears nothing until its player opens the app again.

## Several processes

Processes on one machine may share a \`DATA_DIR\`, for example one with \`ROLES=api\` and one with \`ROLES=worker\`: they share data, jobs and events.
Limits are counted by each \`api\` process for itself. \`DATA_DIR\` must be a local disk: SQLite's WAL does not work over a network.

## What survives what

A killed process loses nothing that was answered. A power failure leaves database and videos sound, but what was written in the last moments before it may
be gone (\`synchronous = NORMAL\`).
`;
}

if (import.meta.main) {
  const stale = await staleDocuments();
  if (process.argv.includes('--check')) {
    for (const name of stale) {
      console.error(`docs/${name} is stale; run node scripts/make-docs.ts`);
    }
    process.exitCode = stale.length === 0 ? 0 : 1;
  } else {
    for (const name of stale) {
      await writeFile(join(DOCS, name), (await DOCUMENTS[name]?.()) ?? '');
      console.log(`docs/${name} written`);
    }
  }
}
