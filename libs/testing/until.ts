/** Probes until it holds; the message says what was waited for when it never does. */
export async function until(
  message: string,
  holds: () => boolean | Promise<boolean>,
  milliseconds = 5_000,
): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited in vain until ${message}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
