/** A stand-in for the pool's thread: what it does is written into the first frame's timestamp. */
import { existsSync, writeFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

parentPort?.on('message', ({ frames }) => {
  const [{ timestamp_seconds, data }] = frames;
  const mark = new TextDecoder().decode(data);
  if (timestamp_seconds === -1 || (timestamp_seconds === -2 && !existsSync(mark))) {
    writeFileSync(mark, '');
    process.exit(1);
  }
  if (timestamp_seconds === -3) {
    throw new Error('uncaught');
  }
  if (timestamp_seconds === -4) {
    for (;;) {}
  }
  if (timestamp_seconds === -5) {
    parentPort.postMessage({ error: 'Error: refused' });
    return;
  }
  const read = frames.map((frame) => ({ timestamp_seconds: frame.timestamp_seconds, faces: 0, sightings: [], none: 'none_found' }));
  parentPort.postMessage({ result: { model: 'moody', frames: read } });
});
