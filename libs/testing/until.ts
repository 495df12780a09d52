/**
 * So long a test waits for what comes in milliseconds where nothing else is going on: a busy machine takes longer, and what
 * never comes ends the test. Nothing is judged by it.
 */
export const PATIENCE = 30_000;

/** Probes until it holds; the message says what was waited for when it never does. */
export async function until(
  message: string,
  holds: () => boolean | Promise<boolean>,
  milliseconds = PATIENCE,
): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited in vain until ${message}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
