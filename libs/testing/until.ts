/**
 * So long a test waits for what comes in milliseconds where nothing else is going on: a busy machine takes longer, and what
 * never comes ends the test. Nothing is judged by it.
 */
export const PATIENCE = 30_000;

/** How often the time that has gone by is looked at, in milliseconds; more than twice this between two looks is a stop. */
const LOOK = 1_000;

/**
 * Whether so many milliseconds have gone by in which this process ran. While it was stopped (SIGSTOP, a machine asleep) what it
 * waits for mostly was too, and nothing is known of it. `end` gives the timer back.
 */
export function patience(
  milliseconds: number,
  now: () => number = () => performance.now(),
): { isOver(): boolean; end(): void } {
  let last = now();
  let ran = 0;
  const look = (): void => {
    const at = now();
    ran += Math.min(at - last, 2 * LOOK);
    last = at;
  };
  const timer = setInterval(look, LOOK).unref();
  return {
    isOver: () => {
      look();
      return ran > milliseconds;
    },
    end: () => clearInterval(timer),
  };
}

/** Probes until it holds; the message says what was waited for when it never does. */
export async function until(
  message: string,
  holds: () => boolean | Promise<boolean>,
  milliseconds = PATIENCE,
): Promise<void> {
  const { isOver, end } = patience(milliseconds);
  try {
    while (!(await holds())) {
      if (isOver()) throw new Error(`waited in vain until ${message}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  } finally {
    end();
  }
}
