import { describe, expect, it } from '@jest/globals';
import { decisionIndexProjection, ENDING, meansProjection, type DecisionIndexRow } from '#libs/application';
import { paperRegistration } from '#libs/testing';

const { authorizationFacts, ids, meansFacts } = paperRegistration;

type Fact = { readonly type: string; readonly data: object };
/** The row after these facts, each at a place of its own. */
const rowAfter = (facts: readonly Fact[]): DecisionIndexRow =>
  facts.reduce<DecisionIndexRow | undefined>(
    (row, { type, data }, index) =>
      decisionIndexProjection.fold(
        row,
        { type, data, position: BigInt(index + 1), metadata: { stream: 'x' } } as never,
        '',
      ),
    undefined,
  )!;

/** SUS-05, CAL-03: what decisions know of a suspension. */
describe.each([
  [
    'an authorization',
    (until: 'awaitingActivation' | 'active' | 'revoked') => authorizationFacts(ids.authorization, {}, until),
    { authorization: ids.authorization },
    'Authorization',
    ['AuthorizationRenewed', { eh: 'EH2+', m: 2, submitterLevel: null, validUntil: '2034-03-02T00:00:00.000Z' }],
    (row: DecisionIndexRow) => (row.content as { link: { status: string } }).link.status,
  ],
  [
    'a means',
    (until: 'awaitingActivation' | 'active' | 'revoked') =>
      meansFacts(ids.means, ids.director, until === 'awaitingActivation' ? 'issued' : until),
    { means: ids.means },
    'Means',
    ['MeansUpgraded', { stork: 4, product: 'certificate-card' }],
    (row: DecisionIndexRow) => (row.content as { status: string }).status,
  ],
] as const)('%s in the decision index', (_what, facts, id, name, [raising, data], statusOf) => {
  const suspended = (by: string): Fact => ({ type: `${name}Suspended`, data: { ...id, by } });
  const lifted = (by: string): Fact => ({ type: `${name}SuspensionLifted`, data: { ...id, by } });
  const after = (until: Parameters<typeof facts>[0], ...more: readonly Fact[]) =>
    rowAfter([...(facts(until) as readonly Fact[]), ...more]);

  it.each(['awaitingActivation', 'active'] as const)('goes back to %s when all is lifted, and not before', (until) => {
    expect(statusOf(after(until, suspended('party')))).toBe('suspended');
    expect(statusOf(after(until, suspended('party'), suspended('operator'), lifted('party')))).toBe('suspended');
    const again = after(until, suspended('party'), suspended('operator'), lifted('party'), lifted('operator'));
    expect(again.content).toEqual(after(until).content);
  });

  it('stays revoked whatever comes after that', () => {
    const revoked = facts('revoked').at(-1) as Fact;
    expect(statusOf(after('active', suspended('party'), revoked))).toBe('revoked');
    expect(statusOf(after('active', suspended('party'), revoked, lifted('party')))).toBe('revoked');
    expect(statusOf(after('revoked', suspended('party')))).toBe('revoked');
  });

  it('keeps its suspensions whatever else is decided on it', () => {
    const decided: Fact = { type: raising, data: { ...id, ...data } };
    expect(statusOf(after('active', suspended('party'), decided))).toBe('suspended');
    expect(after('active', suspended('party'), decided, lifted('party')).content).toEqual(
      after('active', decided).content,
    );
  });

  it('is told at once: instances wait for it as for a revocation', () => {
    expect(
      [`${name}Suspended`, `${name}Revoked`, raising, `${name}SuspensionLifted`].map((type) => ENDING.has(type)),
    ).toEqual([true, true, true, false]);
  });
});

/** SIG-01: what decisions, and lists, know of the certificate on a means. */
describe.each([
  ['the decision index', decisionIndexProjection, (row: object) => (row as DecisionIndexRow).content as object],
  ['the list of means', meansProjection, (row: object) => row],
] as const)('a certificate in %s', (_where, projection, shown) => {
  const certificateUntil = '2030-01-01T00:00:00.000Z';
  const known = meansFacts(ids.means, ids.director, 'active').map((fact) =>
    fact.type === 'MeansIssued' ? { ...fact, data: { ...fact.data, certificateUntil } } : fact,
  ) as readonly Fact[];
  const reportedAt = '2026-05-01T00:00:00.000Z';
  const revoked: Fact = { type: 'MeansCertificateRevoked', data: { means: ids.means, reportedAt } };
  const decided = (type: string, data: object): Fact => ({
    type,
    data: { means: ids.means, product: 'password-sms', stork: 3, issuanceLevel: 3, ...data },
  });
  const end = (...more: readonly Fact[]): unknown => {
    const row = [...known, ...more].reduce<object | undefined>(
      (before, { type, data }, index) =>
        projection.fold(
          before as never,
          { type, data, position: BigInt(index + 1), metadata: { stream: 'x' } } as never,
          '',
        ),
      undefined,
    );
    return (shown(row!) as { certificateEndsAt?: unknown }).certificateEndsAt ?? null;
  };

  it('ends when its validation says so, or earlier when it was revoked', () => {
    expect(end()).toBe(certificateUntil);
    expect(end(revoked)).toBe(reportedAt);
  });

  it('is another one with another token, and the same one after an upgrade of that token', () => {
    expect(end(revoked, decided('MeansRenewed', {}))).toBeNull();
    expect(end(revoked, decided('MeansRenewed', { certificateUntil }))).toBe(certificateUntil);
    expect(end(revoked, decided('MeansUpgraded', { certificateUntil }))).toBe(reportedAt);
    expect(end(revoked, decided('MeansUpgraded', { product: 'certificate-card' }))).toBeNull();
    for (const again of [
      decided('MeansRenewed', { sameToken: true }),
      decided('MeansUpgraded', { product: 'certificate-card', sameToken: true }),
    ])
      expect(end(revoked, again)).toBe(reportedAt);
  });

  it('is told at once when it was revoked: instances wait for it as for a revocation', () => {
    expect(ENDING.has(revoked.type)).toBe(true);
  });
});
