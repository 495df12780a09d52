import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Where Linux keeps files in memory. */
const MEMORY = '/dev/shm';
/** Of Linux' linux/magic.h. */
const TMPFS = 0x01021994;
/** Bytes that a run may come to need: the servers of two workers with their logs, and a project that is installed twice. */
const ROOM = 8 * 1024 ** 3;
/** Longer than a lane may take: what was left untouched for so long (milliseconds) is of a run that was killed. */
const ABANDONED = 3 * 3_600_000;
const PREFIX = 'waarborg-tests-';

/**
 * A folder in memory for the temporary files of a run, servers' data included; `undefined` where there is none, too little
 * room or no programs can be run in it. The servers keep their settings: each commit is flushed, to a disk that is quick.
 */
export function folderInMemory(memory = MEMORY, room = ROOM) {
  try {
    if (process.platform !== 'linux' || statfsSync(memory).type !== TMPFS) return undefined;
    removeAbandoned(memory);
    if (roomIn(memory) < room) return undefined;
    const folder = mkdtempSync(join(memory, `${PREFIX}${process.pid}-`));
    // As /tmp is: servers run as users of their own, and no user removes what is another's.
    chmodSync(folder, 0o1777);
    if (runsPrograms(folder)) return folder;
    rmSync(folder, { recursive: true });
  } catch {
    // A machine that does not let us: then its temporary files are where they always are.
  }
  return undefined;
}

/** What is free of the disk, and of the memory that it would take it from. */
function roomIn(memory) {
  const { bavail, bsize } = statfsSync(memory);
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0;
  return Math.min(bavail * bsize, available * 1024, limitOfGroup());
}

/** What the group that a container is may use yet. */
function limitOfGroup() {
  const read = (name) => {
    try {
      return Number(readFileSync(`/sys/fs/cgroup/${name}`, 'utf8'));
    } catch {
      return NaN;
    }
  };
  const left = read('memory.max') - read('memory.current');
  return Number.isNaN(left) ? Infinity : left;
}

function runsPrograms(folder) {
  const program = join(folder, 'try');
  writeFileSync(program, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const { status } = spawnSync(program);
  rmSync(program);
  return status === 0;
}

function removeAbandoned(memory) {
  for (const name of readdirSync(memory)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const folder = join(memory, name);
    const { mtimeMs, uid } = statSync(folder);
    if (uid !== process.getuid() || Date.now() - mtimeMs < ABANDONED) continue;
    rmSync(folder, { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
