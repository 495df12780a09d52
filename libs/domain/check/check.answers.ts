import type { Instant } from '#libs/kernel';
import type { CheckFacts } from './check.facts.js';

/** When the answer was given: when the source says it was asked, else when the check was performed. */
export const answeredAt = (facts: CheckFacts): Instant =>
  ('asOf' in facts && facts.asOf !== undefined ? facts.asOf : facts.performedAt) as Instant;

/** Findings that are not mended by looking again (PROOF-01): a reported document, special circumstances. */
export const isLasting = (facts: CheckFacts): boolean =>
  (facts.type === 'idDocumentStatus' && facts.status === 'reported') ||
  (facts.type === 'specialCircumstancesCheck' && facts.outcome === 'found');
