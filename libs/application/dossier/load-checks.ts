import type { Rejection } from '#libs/kernel';
import type { RecordedCheck } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { findCheck } from '../objects.js';

/** Loads the named checks from their own streams; unknown ones are reported all at once (ARCH-13, interfaces.md §6). */
export async function loadChecks(
  backbone: Backbone,
  ids: readonly string[],
  pointer: string,
): Promise<{ readonly checks: readonly RecordedCheck[] } | { readonly faults: readonly Rejection[] }> {
  const results = await Promise.all(ids.map((id, index) => findCheck(backbone, id, `${pointer}/${index}`)));
  const faults = results.flatMap((result) => ('fault' in result ? [result.fault] : []));
  if (faults.length > 0) return { faults };
  return { checks: results.flatMap((result) => ('found' in result ? [result.found] : [])) };
}
