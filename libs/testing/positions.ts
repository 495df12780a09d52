import { positionOfNth, type MemoryOptions } from '#libs/adapters/memory';

/**
 * Suites of what stands on the ports run on stores of either kind: as they are on dense positions, and once more through
 * the spec that sets this and imports them.
 */
const positions: NonNullable<MemoryOptions['positions']> =
  process.env['WAARBORG_TEST_POSITIONS'] === 'sparse' ? 'sparse' : 'dense';

/** Options of a store in memory. */
export const likeThisRun: MemoryOptions = { positions };

/** Where the first event stands (1), the second, and so on. */
export const nth = (number: number): bigint => positionOfNth(number, positions);
