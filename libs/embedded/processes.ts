import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Names a running process for good: a pid alone is given out again, the moment it started is not.
 * Where the platform does not tell the moment (Windows), only the pid is left.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal for the same process, different for another that got the same pid. */
  readonly startedAt: string | undefined;
}

export const identityOf = (pid: number): ProcessIdentity => ({ pid, startedAt: startOf(pid) });
export const ownIdentity = (): ProcessIdentity => identityOf(process.pid);

/** True while that very process runs. A zombie is dead; a process of another user is alive. */
export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  if (!isPidTaken(pid)) return false;
  const now = startOf(pid);
  return startedAt === undefined || now === undefined || now === startedAt;
}

/** True when some process has this pid, whoever owns it. A zombie counts only when asked for. */
export function isPidTaken(pid: number, zombies?: 'zombies-too'): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return zombies !== undefined || procState(pid) !== 'Z';
}

/**
 * True when the process works in that directory as PostgreSQL's main process does (it changes into its data
 * directory); `undefined` when this platform does not tell.
 */
export function isServerOf(pid: number, dataDirectory: string): boolean | undefined {
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === dataDirectory;
    } catch {
      return false;
    }
  }
  if (process.platform === 'win32') return undefined;
  return ps(pid, 'command')?.includes(dataDirectory) ?? false;
}

function startOf(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  if (process.platform !== 'linux') return ps(pid, 'lstart');
  const fields = procStat(pid);
  if (fields === undefined) return undefined;
  // Field 22 counts ticks since the machine came up, so the start of the machine belongs to it.
  return `${fields[19]}@${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
}

const procState = (pid: number): string | undefined => (process.platform === 'linux' ? procStat(pid)?.[0] : undefined);

/** The fields of /proc/<pid>/stat from the state on; the name before it may hold spaces and parentheses. */
function procStat(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function ps(pid: number, column: string): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
}
