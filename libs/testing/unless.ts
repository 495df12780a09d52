import { describe, it } from '@jest/globals';

/** Tests that need something which is not there everywhere. */
interface Shown {
  describe(name: string, define: () => void): void;
  it(name: string, run: () => void | Promise<void>, milliseconds?: number): void;
}

/**
 * What stands against a test here, if anything does: it is then skipped under that reason, so that a run names and
 * counts what it has not shown.
 */
export function unless(reason: string | undefined): Shown {
  if (reason === undefined) return { describe, it };
  const notRun = (name: string): string => `${name} (not run: ${reason})`;
  return {
    describe: (name, define) => describe.skip(notRun(name), define),
    it: (name, run, milliseconds) => it.skip(notRun(name), run, milliseconds),
  };
}

/** Why what root alone may do can't be shown here; `undefined` when it can. */
export const notRoot = (): string | undefined => (process.getuid?.() === 0 ? undefined : 'needs root');

/** The reason, on Windows. */
export const onWindows = (why: string): string | undefined => (process.platform === 'win32' ? why : undefined);
