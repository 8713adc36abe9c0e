/** What a process that reads hostile bytes may use, by the means the system has: limits, low priority, and a root of its own. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Failing, notStarted, ToolBusyError } from './ffmpeg-errors.ts';

/** How much one run may use. */
export interface Limits {
  /** Processor time in seconds: SIGXCPU when they are used up, SIGKILL a second later. */
  cpu_seconds: number;
  /** 0 to 19; more waits longer for others. */
  niceness: number;
}

/** Address space; decoding 4096x2304 on two threads takes under 2 GiB of it. */
const MEMORY_BYTES = 6 * 1024 ** 3;
/** Size of any one file written; a minute of our own encodes has 40 MiB, of raw sound 12. */
const FILE_BYTES = 1024 ** 3;
const OPEN_FILES = 256;
const PRLIMIT = '/usr/bin/prlimit';
const NICE = '/usr/bin/nice';
const SETPRIV = '/usr/bin/setpriv';
const BWRAP = '/usr/bin/bwrap';
/** Where programs, their libraries, fonts and font settings lie. Nothing of `/etc` but these, nothing of `/proc`, `/sys`, `/home`, `/var`. */
const SYSTEM = ['/usr', '/bin', '/lib', '/lib32', '/lib64', '/nix/store', '/etc/ld.so.cache', '/etc/alternatives', '/etc/fonts'];
/** On a busy machine a trial may wait for its turn. */
const START_MS = 10_000;
/** The kinds that bubblewrap makes. */
const NAMESPACES = ['user', 'mnt', 'pid', 'net', 'ipc', 'uts', 'cgroup'];

/**
 * The command that runs `tool` with `args` under
 * - nice: `niceness`;
 * - prlimit: 6 GiB of address space, `cpu_seconds`, 1 GiB in any file, 256 open files, no core dumps;
 * - bubblewrap, where it is installed and allowed (found out once for each tool): no network, no processes, users or devices of others, no capabilities,
 *   a read-only root with the system's programs and libraries, the files named after `-i` and, writable, the folders of other files that
 *   `args` names by a full path or as its last word.
 * It dies with its parent, by bubblewrap or else by setpriv: a server that was killed would leave it encoding for as long as its limits allow.
 * What the system does not have is left out: without bubblewrap ffmpeg's own white lists keep it from the network.
 * Throws ToolBusyError where the machine is too busy to tell what it has, ToolMissingError where the tool does not start at all.
 */
export async function confine(tool: string, args: readonly string[], limits: Limits): Promise<string[]> {
  const around = (await startsIsolated(tool)) ? isolation(tool, args) : await bound();
  return [...low(limits.niceness), ...limited(limits.cpu_seconds), ...around, tool, ...args];
}

const found = new Map<string, Promise<boolean>>();

/** What a trial found out, once for each `key`; one that threw has found nothing out, and is made again. */
async function findOut(key: string, trial: () => Promise<boolean>): Promise<boolean> {
  const finding = found.get(key) ?? trial();
  found.set(key, finding);
  try {
    return await finding;
  } catch (error) {
    found.delete(key);
    throw error;
  }
}

/**
 * True where bubblewrap is there, may make namespaces (many containers forbid it), and the tool starts inside; false where it starts only
 * outside. Throws ToolMissingError where it starts nowhere (it may be about to be replaced), ToolBusyError where that cannot be told now, or not
 * within `patienceMs` each time: hostile bytes are not let out of the sandbox because the machine is busy. False for a bare name.
 */
export async function startsIsolated(tool: string, patienceMs: number = START_MS): Promise<boolean> {
  if (!isAbsolute(tool)) {
    return false;
  }
  const startsInside = async () => await starts([...isolation(tool, []), tool, '-version'], patienceMs);
  return await findOut(tool, async () => {
    if (await startsInside()) {
      return true;
    }
    await start([tool, '-version'], patienceMs);
    // once more: the tool may have been made whole between the two
    return await startsInside();
  });
}

/** True where a process can be bound to the life of its parent without bubblewrap; busybox has a setpriv that cannot. Throws ToolBusyError too. */
export async function canBind(): Promise<boolean> {
  return await findOut(SETPRIV, async () => await starts([SETPRIV, '--pdeathsig', 'KILL', SETPRIV, '--version'], START_MS));
}

/** False where the command is refused or fails by itself. Throws ToolBusyError where another time may show otherwise. */
async function starts(command: readonly string[], patienceMs: number): Promise<boolean> {
  try {
    await start(command, patienceMs);
    return true;
  } catch (error) {
    if (error instanceof ToolBusyError && !allowsNoNamespaces(error)) {
      throw error;
    }
    return false;
  }
}

/** bubblewrap says the same where all namespaces of a kind are in use and where the system allows none of it, ever: user_namespaces(7). */
function allowsNoNamespaces({ message }: Error): boolean {
  const limits = NAMESPACES.map((kind) => `/proc/sys/user/max_${kind}_namespaces`).filter((path) => existsSync(path));
  return /ENOSPC|No space left/.test(message) && limits.some((path) => readFileSync(path, 'utf8').trim() === '0');
}

/** Runs a command to its end. Throws ToolBusyError or ToolMissingError. */
async function start([file = '', ...args]: readonly string[], patienceMs: number): Promise<void> {
  try {
    await promisify(execFile)(file, args, { env: environment(), timeout: patienceMs, killSignal: 'SIGKILL' });
  } catch (error) {
    throw notStarted(file, error as Failing);
  }
}

/** Nothing of the server's environment (keys, addresses) reaches the process; undefined, which passes all on, on Windows alone. */
export function environment(): Record<string, string> | undefined {
  return process.platform === 'win32' ? undefined : { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', HOME: '/nonexistent' };
}

function low(niceness: number): string[] {
  return existsSync(NICE) ? [NICE, '-n', String(niceness)] : [];
}

function limited(cpuSeconds: number): string[] {
  const cpu = Math.ceil(cpuSeconds);
  const limits = [`--as=${MEMORY_BYTES}`, `--cpu=${cpu}:${cpu + 1}`, `--fsize=${FILE_BYTES}`, `--nofile=${OPEN_FILES}`, '--core=0'];
  return existsSync(PRLIMIT) ? [PRLIMIT, ...limits, '--'] : [];
}

async function bound(): Promise<string[]> {
  return (await canBind()) ? [SETPRIV, '--pdeathsig', 'KILL', '--'] : [];
}

function isolation(tool: string, args: readonly string[]): string[] {
  const { reads, writes } = filesOf(args);
  return [
    ...[BWRAP, '--unshare-all', '--die-with-parent', '--cap-drop', 'ALL'],
    ...[...SYSTEM, tool].flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--dev', '/dev'],
    // a file that is not there is for ffmpeg to complain of; files come after folders, so that an input beside an output stays read-only
    ...writes.flatMap((path) => ['--bind-try', path, path]),
    ...reads.flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--dir', process.cwd(), '--chdir', process.cwd(), '--remount-ro', '/', '--'],
  ];
}

/** The files a command line names. Files inside filter graphs must lie in a folder of the output or of the system. */
function filesOf(args: readonly string[]): { reads: string[]; writes: string[] } {
  const files = { reads: new Set<string>(), writes: new Set<string>() };
  for (const [index, arg] of args.entries()) {
    const path = arg.replace(/^file:/, '');
    const isInput = args[index - 1] === '-i';
    const isOutput = index === args.length - 1 && !/^(-|pipe:)/.test(path);
    const isFile = isAbsolute(path) || (isInput && path !== arg) || (isOutput && !isInput);
    if (isFile && !path.startsWith('/dev/')) {
      files[isInput ? 'reads' : 'writes'].add(isInput ? resolve(path) : dirname(resolve(path)));
    }
  }
  return { reads: [...files.reads], writes: [...files.writes] };
}
