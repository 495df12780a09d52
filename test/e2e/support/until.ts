import { PATIENCE, patience } from '#libs/testing';

/** Probes until it holds; an error with what was awaited (and the last trouble) when that takes too long. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  milliseconds = PATIENCE,
): Promise<void> {
  const { isOver, end } = patience(milliseconds);
  let trouble = '';
  try {
    for (;;) {
      try {
        if (await holds()) return;
        trouble = '';
      } catch (error) {
        trouble = `: ${String(error)}`;
      }
      if (isOver()) throw new Error(`gave up after ${milliseconds} ms waiting until ${what}${trouble}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  } finally {
    end();
  }
}
