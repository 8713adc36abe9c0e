/** What a process that reads hostile bytes may use, by the means the system has: limits, low priority, and a root of its own. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';

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
const START_MS = 10_000;

/**
 * The command that runs `tool` with `args` under
 * - nice: `niceness`;
 * - prlimit: 6 GiB of address space, `cpu_seconds`, 1 GiB in any file, 256 open files, no core dumps;
 * - bubblewrap, where it is installed and allowed (tried once for each tool): no network, no processes, users or devices of others, no capabilities,
 *   a read-only root with the system's programs and libraries, the files named after `-i` and, writable, the folders of other files that
 *   `args` names by a full path or as its last word.
 * It dies with its parent, by bubblewrap or else by setpriv: a server that was killed would leave it encoding for as long as its limits allow.
 * What the system does not have is left out: without bubblewrap ffmpeg's own white lists keep it from the network.
 */
export async function confine(tool: string, args: readonly string[], limits: Limits): Promise<string[]> {
  const around = (await startsIsolated(tool)) ? isolation(tool, args) : await bound();
  return [...low(limits.niceness), ...limited(limits.cpu_seconds), ...around, tool, ...args];
}

const tried = new Map<string, Promise<boolean>>();

/** True where bubblewrap is there, may make namespaces (many containers forbid it), and the tool starts inside. */
export async function startsIsolated(tool: string): Promise<boolean> {
  const trial = tried.get(tool) ?? tryIsolated(tool);
  tried.set(tool, trial);
  return await trial;
}

async function tryIsolated(tool: string): Promise<boolean> {
  const [command, ...args] = [...isolation(tool, []), tool, '-version'];
  return isAbsolute(tool) && command !== undefined && (await starts(command, args));
}

let binds: Promise<boolean> | undefined;

/** True where a process can be bound to the life of its parent without bubblewrap; busybox has a setpriv that cannot. */
export async function canBind(): Promise<boolean> {
  binds ??= starts(SETPRIV, ['--pdeathsig', 'KILL', SETPRIV, '--version']);
  return await binds;
}

async function starts(command: string, args: readonly string[]): Promise<boolean> {
  if (!existsSync(command)) {
    return false;
  }
  return await new Promise((done) => {
    execFile(command, args, { env: environment(), timeout: START_MS, killSignal: 'SIGKILL' }, (error) => done(error === null));
  });
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
