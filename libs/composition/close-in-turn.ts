/** Closes one after the other, also when one can't be closed; rejects then with the first reason, at the end. */
export async function closeInTurn(closing: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closing) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** The same after a failure, which is what is told. */
export async function closeAfter(failure: unknown, closing: readonly (() => Promise<void>)[]): Promise<never> {
  await closeInTurn(closing).catch(() => undefined);
  throw failure;
}
