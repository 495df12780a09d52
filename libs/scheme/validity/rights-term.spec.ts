import { expect, it } from '@jest/globals';
import { RIGHTS_MONTHS, RIGHTS_MONTHS_PROLONGED, rightsTerm } from './rights-term.js';

/** Until when somebody is answered who asks for his rights (GDPR article 12(3)). */
it.each([
  ['2026-03-02T10:00:00Z', RIGHTS_MONTHS, '2026-04-02T22:00:00.000Z'],
  // The day is Amsterdam's: it is 3 March there.
  ['2026-03-02T23:30:00Z', RIGHTS_MONTHS, '2026-04-03T22:00:00.000Z'],
  ['2026-01-31T10:00:00Z', RIGHTS_MONTHS, '2026-02-28T23:00:00.000Z'],
  ['2026-11-30T10:00:00Z', RIGHTS_MONTHS_PROLONGED, '2027-02-28T23:00:00.000Z'],
])('a request of %s is answered within %i month(s): before %s (MIN-03)', (receivedAt, months, before) => {
  expect(new Date(rightsTerm(Date.parse(receivedAt), months)).toISOString()).toBe(before);
});
