import { lstat, readlink } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';

/** A folder or link, and the user whose it is. */
export interface Foreign {
  readonly path: string;
  readonly uid: number;
}

/** As many as Linux follows. */
const MOST_LINKS = 40;

/**
 * As root: the first folder or link of another user on the way to `path`, who could put anything in the place of what
 * comes after it. Each step counts: a link leads through folders of its own, which the path neither names nor ends in.
 * What is not there yet is nobody's. As anyone else nothing is found: what may be written is the system's business.
 */
export async function foreignOnTheWay(path: string): Promise<Foreign | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  // The rest of the way, the next step last; the root of the system is a step too.
  const steps = [...stepsOf(isAbsolute(path) ? path : `${process.cwd()}${sep}${path}`), '.'];
  let at: string = sep;
  for (let links = 0; steps.length > 0;) {
    const next = join(at, steps.pop()!);
    const there = await lstat(next).catch(nothingThere);
    if (there !== undefined && there.uid !== 0) return { path: next, uid: there.uid };
    if (!there?.isSymbolicLink()) {
      at = next;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS)
      throw new Error(`${path} can't be followed: there are more than ${MOST_LINKS} links on the way`);
    const target = await readlink(next);
    if (target.startsWith(sep)) at = sep;
    // One by one: where `..` leads is known only when the links before it have been followed.
    steps.push(...stepsOf(target));
  }
  return undefined;
}

const stepsOf = (path: string): string[] =>
  path
    .split(sep)
    .filter((step) => step !== '')
    .reverse();

function nothingThere(error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
}
