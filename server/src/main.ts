/** The program. What it consists of is compiled once and kept: a start from the cache takes half the time and less memory. */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Where the folder cannot be written nothing is kept, and nothing else changes.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/2t1l-server', import.meta.url)));
const { start } = await import('./start.ts');
await start();
