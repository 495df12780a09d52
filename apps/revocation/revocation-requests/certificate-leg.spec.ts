import { describe, expect, it } from '@jest/globals';
import { currentRuleSet } from '#libs/scheme';
import { at } from '#libs/testing';
import { certificateLegOf } from './certificate-leg.js';

/** Until when a certificate has to be revoked where it was issued (PI4, REV-03, AMB-15). */
describe('the time that a certificate has at its certification service provider', () => {
  // On a Friday afternoon.
  const receivedAt = at('2026-11-27T14:00:00Z');
  it.each([
    ['electronic', undefined, '2026-11-27T14:15:00.000Z'],
    ['nonElectronic', undefined, '2026-11-30T14:00:00.000Z'],
    ['electronic', 4, '2026-11-27T18:00:00.000Z'],
    ['nonElectronic', 4, '2026-11-27T18:00:00.000Z'],
  ] as const)('of what came %s with %s hours agreed is over at %s (REV-03)', (channel, hours, dueAt) => {
    const backbone = {
      rules: currentRuleSet,
      ...(hours === undefined ? {} : { certificateRevocation: hours * 3_600_000 }),
    };
    expect(certificateLegOf(backbone, { channel, receivedAt })).toEqual({ channel, receivedAt, dueAt });
  });
});
