/** What this process has started and is still there (Linux; elsewhere always nothing). */
import { readdir, readFile } from 'node:fs/promises';

/** Command lines of this process's children that name `program`. */
export async function childCommands(program: string): Promise<string[]> {
  return (await children(program)).map(({ command }) => command);
}

/** How this process's children that name `program` come after other sessions: what `/proc/PID/autogroup` says of each. */
export async function sessionsOf(program: string): Promise<string[]> {
  return await Promise.all(
    (await children(program)).map(async ({ pid }) => await readFile(`/proc/${pid}/autogroup`, 'utf8').catch(() => '')),
  );
}

async function children(program: string): Promise<{ pid: string; command: string }[]> {
  const found: { pid: string; command: string }[] = [];
  const names = await readdir('/proc').catch(() => []);
  for (const pid of names.filter((name) => /^\d+$/.test(name))) {
    const [status, command] = await Promise.all(
      ['status', 'cmdline'].map(async (file) => await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    );
    if (status?.includes(`\nPPid:\t${process.pid}\n`) && command?.includes(program)) {
      found.push({ pid, command });
    }
  }
  return found;
}

/** Command lines of all processes, whoever's children, that name `text`: a sandbox's own child has another parent. */
export async function commandsWith(text: string): Promise<string[]> {
  const names = await readdir('/proc').catch(() => []);
  const commands = names
    .filter((name) => /^\d+$/.test(name))
    .map(async (pid) => await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
  return (await Promise.all(commands)).filter((command) => command.includes(text));
}
