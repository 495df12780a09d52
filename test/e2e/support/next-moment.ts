import type { Backbone } from '#libs/application';
import { until } from './until.js';

/** The register's clock has moved on: what is recorded from here on is later than what was recorded so far. */
export async function nextMoment({ now }: Pick<Backbone, 'now'>): Promise<void> {
  const before = now();
  await until('the next millisecond', () => Promise.resolve(now() > before));
}
