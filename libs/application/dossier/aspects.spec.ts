import { describe, expect, it } from '@jest/globals';
import type { CheckFacts, WeighedCheck } from '#libs/domain';
import { currentRuleSet } from '#libs/scheme';
import { uuid } from '#libs/testing';
import { aspectsInBrief, authorizationAspects, meansAspects, weighedChecks, type AspectView } from './aspects.js';
import type { Weighed } from './weighed.js';

const weighed = (number: number, type: CheckFacts['type'], members: Partial<Weighed> = {}): Weighed =>
  ({
    check: { id: uuid('check', number), facts: { type } },
    counts: true,
    handed: true,
    derived: {},
    joined: false,
    superseded: false,
    ...members,
  }) as Weighed;
const checked = (type: CheckFacts['type'], counts = true): WeighedCheck => ({
  check: uuid('check', 1) as never,
  type,
  counts,
  joined: false,
  superseded: false,
});
const typesOf = (aspects: readonly AspectView[], aspect: string) =>
  aspects.find((one) => one.aspect === aspect)?.checks.map(({ type }) => type);

describe('PROOF-10: the checks of a decision, as an auditor reads them', () => {
  it('say of each whether it counted, why not, whether it joined and whether it was superseded', () => {
    expect(
      weighedChecks([
        weighed(1, 'idCopyEnclosed'),
        weighed(2, 'representationCheck', { counts: false, why: 'superseded', joined: true, superseded: true }),
      ]),
    ).toStrictEqual([
      { check: uuid('check', 1), type: 'idCopyEnclosed', counts: true, joined: false, superseded: false },
      {
        check: uuid('check', 2),
        type: 'representationCheck',
        counts: false,
        why: 'superseded',
        joined: true,
        superseded: true,
      },
    ]);
  });

  it('name a look once that stands for two records of one document', () => {
    const look = weighed(1, 'idDocumentStatus', { joined: true });
    expect(weighedChecks([look, weighed(2, 'idCopyEnclosed'), look]).map(({ check }) => check)).toStrictEqual([
      uuid('check', 1),
      uuid('check', 2),
    ]);
    expect(weighedChecks([])).toStrictEqual([]);
  });
});

describe('the aspects of a registration', () => {
  const judged = { scores: { IO: 2, IV: 1 }, rows: { IO: ['IO2-b'], IV: ['IV1-a'], IA: [] } };
  const checks = [
    checked('signatureComparison'),
    checked('specialCircumstancesCheck'),
    checked('authentication'),
    checked('archivedSignatureComparison'),
  ];

  it('have their score and rows, and the checks that a row of theirs can rest on', () => {
    const aspects = authorizationAspects(judged, 'first', checks, currentRuleSet);
    expect(aspects.map(({ aspect, score, rows }) => [aspect, score, rows])).toStrictEqual([
      ['IO', 2, ['IO2-b']],
      ['IV', 1, ['IV1-a']],
      // What has no score stands at none.
      ['IA', 0, []],
    ]);
    expect(typesOf(aspects, 'IO')).toStrictEqual(['signatureComparison', 'authentication']);
    expect(typesOf(aspects, 'IV')).toContain('specialCircumstancesCheck');
    expect(typesOf(aspects, 'IV')).not.toContain('authentication');
  });

  it('are those of the book that it was judged by, and of both where a requester is judged by both', () => {
    const typesBy = (book: Parameters<typeof authorizationAspects>[1]) =>
      typesOf(authorizationAspects(judged, book, checks, currentRuleSet), 'IO');
    expect(typesBy('repeated')).toStrictEqual(['signatureComparison', 'authentication', 'archivedSignatureComparison']);
    expect(typesBy('first')).not.toContain('archivedSignatureComparison');
    expect(typesBy(['first', 'repeated'])).toContain('archivedSignatureComparison');
    expect(typesBy(['first', 'repeated'])).toContain('signatureComparison');
  });

  it('rest on a login for IA and IO, and for nothing else', () => {
    const all = { scores: {}, rows: { IA: [], IO: [], IG: [], IV: [] } };
    const aspects = authorizationAspects(all, 'repeated', [checked('authentication')], currentRuleSet);
    expect(aspects.map(({ aspect, checks: its }) => [aspect, its.length])).toStrictEqual([
      ['IA', 1],
      ['IO', 1],
      ['IG', 0],
      ['IV', 0],
    ]);
  });
});

describe('the elements of a means', () => {
  const judged = {
    scores: { ID: 3, IC: 3, IE: 2, RC: 3, AM: 2 },
    rows: { ID: ['MEANS-ID3-v2'], IC: ['MEANS-IC3'], IE: [], RC: [], AM: [] },
  };
  it('rest on the checks that the members of the question are put together from', () => {
    const aspects = meansAspects(judged, [
      checked('idCopyEnclosed'),
      checked('meansDelivery'),
      checked('physicalAppearance'),
      checked('pkiOverheidCertificate'),
      checked('vouching'),
    ]);
    expect(aspects.map(({ aspect, score, checks }) => [aspect, score, checks.map(({ type }) => type)])).toStrictEqual([
      ['ID', 3, ['idCopyEnclosed', 'physicalAppearance', 'pkiOverheidCertificate']],
      ['IC', 3, ['meansDelivery', 'physicalAppearance', 'pkiOverheidCertificate']],
      ['IE', 2, ['pkiOverheidCertificate']],
      ['RC', 3, ['pkiOverheidCertificate']],
      ['AM', 2, []],
    ]);
  });
});

describe('the aspects of a refusal, which has room for 10,000 characters (interfaces.md §4)', () => {
  const aspect = (checks: readonly WeighedCheck[], rows: readonly string[] = ['IO2-b']): AspectView => ({
    aspect: 'IO',
    score: 2,
    rows,
    checks,
  });
  const many = (number: number, counts = true) =>
    Array.from({ length: number }, (_, index) => ({
      ...checked('signatureComparison', counts),
      check: uuid('check', index + 1) as never,
    }));

  it('are whole where they fit, with what does not count before what does', () => {
    const checks = [checked('idCopyEnclosed'), checked('signatureComparison', false), checked('idDocumentStatus')];
    const whole = aspect(checks);
    expect(aspectsInBrief([whole])).toStrictEqual([{ ...whole, checks: [checks[1], checks[0], checks[2]] }]);
    // The dossier itself stays as it was.
    expect(whole.checks).toStrictEqual(checks);
    expect(aspectsInBrief([aspect(many(60))])[0]!.checks).toHaveLength(60);
  });

  it('lose checks, those that count first, until they fit', () => {
    const brief = aspectsInBrief([aspect([...many(90), ...many(60, false)]), aspect(many(10))]);
    expect(JSON.stringify(brief).length).toBeLessThanOrEqual(10_000);
    expect(brief[0]!.checks).toHaveLength(50);
    expect(brief[0]!.checks.every(({ counts }) => !counts)).toBe(true);
    // Another aspect that is short keeps what it has.
    expect(brief[1]!.checks).toHaveLength(10);
  });

  it('lose all checks where their rows alone fill the room, and keep the rows', () => {
    const rows = Array.from({ length: 2_000 }, (_, index) => `row-${index}`);
    expect(aspectsInBrief([aspect(many(3), rows)])).toStrictEqual([aspect([], rows)]);
  });
});
