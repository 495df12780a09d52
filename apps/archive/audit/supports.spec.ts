import { describe, expect, it } from '@jest/globals';
import type { DomainEvent, Recorded } from '#libs/kernel';
import { foldPage } from '#libs/eventing';
import { uuid } from '#libs/testing';
import { checksProjection, type CheckRow } from '../checks/checks.projection.js';
import { supportedView } from './supports.js';

const check = uuid('check', 1);
const authorization = uuid('auth', 1);
const means = uuid('means', 1);

let position = 0n;
const recorded = (type: string, data: object, ruleSet?: string): Recorded<DomainEvent> =>
  ({
    type,
    data,
    position: (position += 1n),
    revision: 0,
    recordedAt: '2026-03-02T09:00:00.000Z',
    metadata: ruleSet === undefined ? {} : { ruleSet },
  }) as unknown as Recorded<DomainEvent>;

const checkOf = (type: string): Recorded<DomainEvent> =>
  recorded('CheckRecorded', { check, facts: { type, about: { party: uuid('party', 1) } }, late: false });
const stood = (more: object = {}): object => ({
  evidence: [{ check, type: 'any', counts: true, joined: false, superseded: false, ...more }],
});
const registered = (more: object = {}, ruleSet = 'eh-1.5.1'): Recorded<DomainEvent> =>
  recorded(
    'AuthorizationRegistered',
    {
      authorization,
      registration: 'first',
      checks: [check],
      rows: { IA: ['IA2-b'], IO: ['IO3-d'], IG: ['IG3-f'], IV: ['IV3'] },
      eh: 'EH3',
      ...more,
    },
    ruleSet,
  );

const rowAfter = (...events: readonly Recorded<DomainEvent>[]): CheckRow =>
  foldPage(checksProjection, new Map(), events).get(check)!;
const shown = (row: CheckRow) => row.supports.map((supported) => supportedView(row, supported));

describe('what a check carries', () => {
  it('is the rows of the aspects that a check of its type can be evidence for, with level and rule set', () => {
    expect(shown(rowAfter(checkOf('tradeRegisterLookup'), registered(stood())))).toEqual([
      {
        authorization,
        rows: { IA: ['IA2-b'] },
        level: 'EH3',
        ruleSet: 'eh-1.5.1',
        counts: true,
        joined: false,
        superseded: false,
      },
    ]);
  });

  it('is no row that rests on other types, though it be of the same aspect', () => {
    const [lookup] = shown(
      rowAfter(checkOf('tradeRegisterLookup'), registered({ rows: { IA: ['IA2-b'], IV: ['IV3'] } })),
    );
    expect(lookup?.rows).toEqual({ IA: ['IA2-b'] });
    const [look] = shown(rowAfter(checkOf('specialCircumstancesCheck'), registered()));
    expect(look?.rows).toEqual({ IV: ['IV3'] });
  });

  it('is nothing where it did not count, and says why', () => {
    const [support] = shown(
      rowAfter(checkOf('tradeRegisterLookup'), registered(stood({ counts: false, why: 'too-old', superseded: true }))),
    );
    expect(support).toMatchObject({ rows: {}, counts: false, why: 'too-old', superseded: true });
  });

  it('is told of what was decided before it was kept how a check stood, and by rules that nobody knows any more', () => {
    expect(shown(rowAfter(checkOf('tradeRegisterLookup'), registered({}, 'eh-1.5')))).toEqual([
      { authorization, rows: { IA: ['IA2-b'] }, level: 'EH3', ruleSet: 'eh-1.5' },
    ]);
    expect(shown(rowAfter(checkOf('tradeRegisterLookup'), registered({}, 'eh-0')))).toMatchObject([{ rows: {} }]);
  });

  it('is of the newest judgement of a means: issued takes the place of identified', () => {
    const identified = recorded(
      'HolderIdentified',
      { means, checks: [check], rows: { ID: ['MEANS-ID3'] } },
      'eh-1.5.1',
    );
    const issued = recorded(
      'MeansIssued',
      { means, checks: [check], rows: { ID: ['MEANS-ID3'], RC: ['MEANS-RC3'] }, stork: 3 },
      'eh-1.5.1',
    );
    const before = rowAfter(checkOf('idDocumentStatus'), identified);
    expect(shown(before)).toEqual([{ means, rows: { ID: ['MEANS-ID3'] }, stork: null, ruleSet: 'eh-1.5.1' }]);
    const after = rowAfter(checkOf('idDocumentStatus'), identified, issued, registered());
    expect(shown(after)).toMatchObject([{ means, rows: { ID: ['MEANS-ID3'] }, stork: 3 }, { authorization }]);
    expect([after.means, after.authorizations]).toEqual([[means], [authorization]]);
  });
});

describe('a check in the auditor’s list', () => {
  it.each([
    ['representationCheck', { about: { person: uuid('person', 1) }, party: uuid('party', 2) }, [uuid('party', 2)]],
    ['employerStatement', { about: { person: uuid('person', 1) }, employer: uuid('party', 2) }, [uuid('party', 2)]],
    // A kind of party, not one on record.
    ['neutralThirdParty', { about: { person: uuid('person', 1) }, party: 'bank' }, []],
    ['tradeRegisterLookup', { about: { party: uuid('party', 1) } }, [uuid('party', 1)]],
  ])('%s is found by every party that it names', (type, facts, parties) => {
    const event = recorded('CheckRecorded', { check, facts: { type, ...facts }, late: false });
    expect(rowAfter(event).parties).toEqual(parties);
  });
});
