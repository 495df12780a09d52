import { describe, expect, test } from '@jest/globals';
import { blockingRefusals, isBlocking } from '../authorization/blocking.js';
import { classifyAuthorization } from '../authorization/classify.js';
import type { AuthorizationRequest } from '../contract/classification.types.js';
import { classifyMeans } from '../means/classify.js';
import { revocationDeadline } from '../revocation/deadline.js';
import type { RuleSet } from '../rule-set.js';
import { currentRuleSet, isRuleSetVersion, ruleSet, ruleSetVersions } from './rule-sets.js';
import { evaluateUse } from '../use/evaluate.js';
import { validity } from '../validity/validity.js';

const request: AuthorizationRequest = {
  registration: 'first',
  channel: 'nonElectronic',
  startedAt: '2026-03-02T09:00:00+01:00',
  assessedAt: '2026-03-02T16:00:00+01:00',
  representedParty: { kind: 'undertaking' },
  submitter: { role: 'legalRepresentative', holdsMeans: false },
  authorizedParty: { kind: 'legalPerson' },
  registerProfile: { im: 1, pd: 1, pv: 1, pi: 1, pt: 1 },
  checks: [
    { type: 'identityAttributesRecorded', subject: 'representedParty', uniquelyIdentifying: false },
    { type: 'identityAttributesRecorded', subject: 'authorizedParty', uniquelyIdentifying: false },
    { type: 'separateChannelConfirmation', medium: 'post', contactSource: 'independentParty', confirmed: true },
  ],
};

describe('NORM-05: rule sets have versions', () => {
  test('released ones are found by their version', () => {
    expect(ruleSetVersions.map((version) => ruleSet(version).version)).toEqual(ruleSetVersions);
    expect(ruleSet('eh-1.5.1')).toBe(currentRuleSet);
    expect(isRuleSetVersion('eh-1.5')).toBe(true);
    expect(isRuleSetVersion('eh-9')).toBe(false);
    expect(isRuleSetVersion('toString')).toBe(false);
    expect(currentRuleSet.stork).toBe('1.7');
  });

  test('two are loaded side by side, each judges by its own tables and is named in its answers', () => {
    const { minimumScores } = currentRuleSet.authorization;
    const stricter: RuleSet = {
      ...currentRuleSet,
      version: 'eh-stricter',
      levels: { ...currentRuleSet.levels, eidasOf: { ...currentRuleSet.levels.eidasOf, EH1: 'substantial' } },
      authorization: {
        ...currentRuleSet.authorization,
        minimumScores: { ...minimumScores, 1: { ...minimumScores[1], IA: 2 } },
      },
      revocation: { ...currentRuleSet.revocation, entitledRoles: [] },
      validity: { ...currentRuleSet.validity, maximumYears: 1 },
    };
    expect(classifyAuthorization(request, currentRuleSet)).toMatchObject({
      m: 1,
      eh: 'EH1',
      eidas: 'low',
      ruleSet: 'eh-1.5.1',
    });
    expect(classifyAuthorization(request, stricter)).toMatchObject({
      m: 0,
      eh: null,
      limitedBy: ['IA'],
      ruleSet: 'eh-stricter',
    });

    const revocation = {
      object: 'means',
      level: 'EH1',
      channel: 'electronic',
      receivedAt: request.startedAt,
      requester: { role: 'authorizedParty' },
    } as const;
    expect(revocationDeadline(revocation, currentRuleSet)).toMatchObject({ accepted: true, ruleSet: 'eh-1.5.1' });
    expect(revocationDeadline(revocation, stricter)).toMatchObject({ accepted: false, ruleSet: 'eh-stricter' });

    const period = { from: '2026-03-02T00:00:00+01:00', until: '2030-03-02T00:00:00+01:00' };
    const asked = { level: 'EH3', registeredAt: period.from, period } as const;
    expect(validity(asked, currentRuleSet)).toMatchObject({ capped: false, ruleSet: 'eh-1.5.1' });
    expect(validity(asked, stricter)).toMatchObject({
      validUntil: '2027-03-02T00:00:00+01:00',
      capped: true,
      ruleSet: 'eh-stricter',
    });
  });

  test('every answer names its version', () => {
    const means = {
      identification: {
        physicalAppearance: false,
        attributes: { count: 0, uniquelyIdentifying: false, officialNumberVerified: false },
        validations: [],
      },
      issuance: { form: 'unverified' },
      issuer: { participant: false, supervision: 'none' },
      token: { possession: 'none' },
      mechanism: {
        factors: 1,
        protection: {
          guessing: 'none',
          eavesdropping: 'none',
          hijacking: 'none',
          replay: 'none',
          manInTheMiddle: 'none',
        },
        evaluation: 'none',
      },
    } as const;
    expect(classifyMeans(means, currentRuleSet).ruleSet).toBe('eh-1.5.1');
    const use = {
      at: request.startedAt,
      requestedLevel: 'EH3',
      representedParty: { id: 'org-1' },
      service: { id: 'svc-1', provider: 'provider-a', chainSupported: true, minimumLevels: [] },
      means: { holder: 'person-1', status: 'active', stork: 3 },
      links: [],
    } as const;
    expect(evaluateUse(use, currentRuleSet).ruleSet).toBe('eh-1.5.1');
  });
});

describe('refusals', () => {
  test('D-25: blocking ones are told from those that cost a row only', () => {
    const codes = [
      'aspect-unscored:IV',
      'original-form-required',
      'incomplete:scope',
      'document-reported',
      'not-unique',
      'nonsense',
    ];
    expect(blockingRefusals(codes, currentRuleSet)).toEqual([
      'aspect-unscored:IV',
      'incomplete:scope',
      'document-reported',
    ]);
    for (const { code } of currentRuleSet.authorization.rowCodes) expect(isBlocking(code, currentRuleSet)).toBe(false);
    for (const { code } of currentRuleSet.means.rowCodes) expect(isBlocking(code, currentRuleSet)).toBe(false);
  });
});

test('the tables are whole: ids are unique, scores are those of chapter 10', () => {
  const { rows, profileRows } = currentRuleSet.authorization;
  const scored = [...rows, ...profileRows, ...currentRuleSet.validity.renewalRows].map(
    ({ id, score }) => `${id}=${score}`,
  );
  expect(new Set(scored).size).toBe(scored.length);
  for (const { id, score } of [...rows, ...profileRows, ...currentRuleSet.validity.renewalRows]) {
    const inId = /[0-9]/.exec(id)?.[0];
    if (inId !== undefined) expect({ id, score }).toEqual({ id, score: Number(inId) });
  }
  expect(rows.filter(({ id }) => id === 'R-IV').map(({ score }) => score)).toEqual([1, 2, 3]);
});
