/**
 * The further of two positions. They are opaque to programs. Here one thing is asked of them, since commands that were
 * sent at once are answered in any order, and one that found nothing to change answers an old position: which shows more.
 * Of two that can't be compared (another store, another epoch, a form to come) the later answer counts.
 */
export function further(held: string | undefined, answered: string): string {
  const one = held === undefined ? undefined : placeIn(held);
  const other = placeIn(answered);
  if (one === undefined || other === undefined || one.order !== other.order) return answered;
  return one.place > other.place ? held! : answered;
}

function placeIn(position: string): { readonly order: string; readonly place: bigint } | undefined {
  try {
    const match = /^(.+\.\d+)\.(\d+)$/.exec(atob(position.replaceAll('-', '+').replaceAll('_', '/')));
    return match === null ? undefined : { order: match[1]!, place: BigInt(match[2]!) };
  } catch {
    return undefined;
  }
}
