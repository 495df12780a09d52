import { describe, expect, it } from '@jest/globals';
import type { CheckFacts } from '#libs/domain';
import { currentRuleSet } from '#libs/scheme';
import { authorizationRows } from '../dossier/earning-rows.js';
import { earnsFor } from './earners.js';

const roles = {
  ...{ application: 'intake', representedParty: 'party', submitter: 'director', authorizedPerson: 'employee' },
  ...{ authorizedParty: 'intermediary', legalRepresentative: 'grantor' },
};
const row = (id: string) => [...authorizationRows('first', currentRuleSet)].find((one) => one.row === id)!;
const about = (type: string, whom: object): CheckFacts => ({ type, about: whom }) as unknown as CheckFacts;
const earns = (id: string, type: string, whom: object, parts = roles): boolean =>
  earnsFor(row(id), about(type, whom), parts);

describe('a check earns a row of whom it is about (ARCH-14)', () => {
  it.each([
    // Row, kind of check, about whom, whether it is one of those that earn it.
    ['IA2-b', 'tradeRegisterLookup', { party: 'party' }, true],
    ['IA2-b', 'tradeRegisterLookup', { party: 'intermediary' }, false],
    ['IA2-b', 'identityAttributesRecorded', { person: 'director' }, false],
    ['IO3-d', 'idCopyEnclosed', { person: 'director' }, true],
    ['IO3-d', 'idCopyEnclosed', { person: 'employee' }, false],
    ['IO3-d', 'identityAttributesRecorded', { party: 'party' }, false],
    ['IO2-c', 'identityAttributesRecorded', { party: 'party' }, true],
    ['IO3-e', 'identityAttributesRecorded', { person: 'grantor' }, true],
    ['IG3-f', 'idDocumentStatus', { person: 'employee' }, true],
    ['IG3-f', 'idDocumentStatus', { person: 'director' }, false],
    ['IG3-e', 'vouching', { person: 'employee' }, true],
    ['IG3-e', 'idDocumentStatus', { person: 'director' }, true],
    ['IR2-b', 'tradeRegisterLookup', { party: 'intermediary' }, true],
    ['IR2-b', 'tradeRegisterLookup', { party: 'party' }, false],
    ['IV3', 'representationCheck', { person: 'director' }, true],
    ['IV3', 'signatureComparison', { person: 'a cosigner' }, true],
    ['IV3', 'identityAttributesRecorded', { person: 'employee' }, false],
    ['IO3-d', 'signatureComparison', { person: 'a cosigner' }, false],
    // About nobody: the intake as a whole.
    ['IG1-a', 'completenessCheck', { application: 'intake' }, true],
  ])('%s by %s about %j: %s', (id, type, whom, expected) => {
    expect(earns(id, type, whom)).toBe(expected);
  });

  it('is of both where one human submits and is authorized (PARTY-05)', () => {
    const himself = { ...roles, authorizedPerson: 'director' };
    expect(earns('IO3-d', 'idCopyEnclosed', { person: 'director' }, himself)).toBe(true);
    expect(earns('IG3-f', 'idCopyEnclosed', { person: 'director' }, himself)).toBe(true);
  });
});
