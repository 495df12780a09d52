import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AuthorizationRow, MeansRow } from '#libs/application';
import { PARTIAL_SIGHTS } from '#libs/domain';
import { at, uuid } from '#libs/testing';
import { partialAuthorizationItem, partialMeans } from './partial.view.js';

/** Of every authorization and means, however it stands: what is not for a view is not in it (VIS-04). */

const instants = fc.constantFrom('2025-01-01', '2027-01-01', '2029-01-01').map((day) => at(`${day}T00:00:00Z`));
const id = (kind: string) => fc.nat({ max: 9 }).map((number) => uuid(kind, number));
const common = {
  id: id('object'),
  position: fc.bigInt({ min: 1n, max: 99n }),
  revision: fc.nat({ max: 9 }),
  application: id('appl'),
  recordedAt: instants,
  suspendedBy: fc.constant([]),
  statusBefore: fc.constant(null),
};
const authorizations = fc.record({
  ...common,
  authority: fc.constantFrom('regular', 'administration'),
  representedParty: id('party'),
  submitter: id('submit'),
  authorizedPerson: id('person'),
  means: id('means'),
  pseudonym: id('pseudo'),
  authorizedParty: fc.constant(null),
  scope: fc.constant({ all: true, services: [], groups: [] }),
  nature: fc.constant({ rightOfSubstitution: true, actsIndependently: true }),
  establishments: fc.option(fc.constant(['000037178598'])),
  status: fc.constantFrom('awaitingActivation', 'active', 'suspended', 'revoked'),
  registeredAt: instants,
  validFrom: instants,
  validUntil: instants,
  revokedAt: fc.option(instants),
  m: fc.integer({ min: 1, max: 4 }),
  eh: fc.constantFrom(null, 'EH2', 'EH3'),
  submitterLevel: fc.constantFrom(null, 'EH3'),
  persons: fc.constant([]),
  parties: fc.constant([]),
  revoked: fc.boolean(),
}) as unknown as fc.Arbitrary<AuthorizationRow>;

it('a view of an authorization has role, level and standing, and a pseudonym only where it says who there is', () => {
  fc.assert(
    fc.property(authorizations, fc.constantFrom(...PARTIAL_SIGHTS), instants, (row, sight, now) => {
      const shown = partialAuthorizationItem(row, sight, now);
      const members = ['authority', 'id', 'level', 'representedParty', 'sight', 'status'];
      expect(Object.keys(shown).sort()).toEqual([...members, ...(sight === 'indication' ? ['pseudonym'] : [])].sort());
      const text = JSON.stringify(shown);
      for (const hidden of [row.authorizedPerson, row.means, row.submitter, row.application, row.validUntil])
        expect(text).not.toContain(hidden);
    }),
  );
});

it('a view of a means has its pseudonym and level, and not whose it is', () => {
  const means = fc.record({
    ...common,
    holder: id('person'),
    pseudonym: id('pseudo'),
    product: fc.constant('password-sms'),
    party: id('party'),
    status: fc.constantFrom('applied', 'issued', 'active', 'revoked'),
    stork: fc.constantFrom(null, 2, 3),
    issuanceLevel: fc.constantFrom(null, 2, 3),
  }) as unknown as fc.Arbitrary<MeansRow>;
  fc.assert(
    fc.property(means, (row) => {
      const shown = partialMeans(row, row.party!);
      const members = ['id', 'party', 'pseudonym', 'sight', 'status'];
      expect(Object.keys(shown).sort()).toEqual([...members, ...(row.stork === null ? [] : ['stork'])].sort());
      for (const hidden of [row.holder, row.application, row.product])
        expect(JSON.stringify(shown)).not.toContain(hidden);
    }),
  );
});
