import { describe, expect, test } from '@jest/globals';
import { blockingRefusals, isBlocking } from '../authorization/blocking.js';
import { classifyAuthorization } from '../authorization/classify.js';
import type { AuthorizationRequest, MeansRequest } from '../contract/classification.types.js';
import { classifyMeans } from '../means/classify.js';
import { revocationDeadline } from '../revocation/deadline.js';
import type { RuleSet } from '../rule-set.js';
import { withEarlier } from './earlier.js';
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
    expect(isRuleSetVersion('eh-1.5.1')).toBe(true);
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
      medium: 'email',
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

describe('NORM-05: what eh-1.5 read otherwise', () => {
  const dossier = (changed: object, ...checks: object[]) =>
    ({
      ...request,
      representedParty: { kind: 'undertaking' },
      ...changed,
      checks: [...request.checks, ...checks],
    }) as AuthorizationRequest;
  const asOf = '2026-03-02T11:00:00+01:00';
  const byAdministrator = {
    registration: 'repeated',
    submitter: { role: 'administrator', holdsMeans: true, administration: { level: 'EH3', iv: 3 } },
  };
  const lookup = {
    type: 'tradeRegisterLookup',
    subject: 'representedParty',
    via: 'online',
    asOf,
    outcome: 'found',
    agreesOn: ['number', 'name', 'address'],
  };
  const shown = {
    type: 'representationCheck',
    of: 'submitter',
    register: 'tradeRegister',
    via: 'online',
    asOf,
    outcome: 'found',
    basis: 'byName',
    agrees: true,
    limitation: 'none',
    sameDataAsIdentified: true,
  };
  const registered = (registeredIv: number) => ({ authorizedParty: { kind: 'legalPerson', registeredIv } });
  const registeredBefore = (alreadyRegistered: boolean) => ({
    authorizedParty: { kind: 'legalPerson', alreadyRegistered },
  });
  const iv = (asked: AuthorizationRequest) =>
    ruleSetVersions.map((version) => classifyAuthorization(asked, ruleSet(version)).scores.IV);
  const refused = (asked: AuthorizationRequest, code: string) =>
    ruleSetVersions.map((version) => classifyAuthorization(asked, ruleSet(version)).refusals.includes(code));

  test('R-IO1-a: it was for the electronic channel only', () => {
    const paper = dossier(byAdministrator);
    expect(ruleSetVersions.map((version) => classifyAuthorization(paper, ruleSet(version)).rows.IO)).toEqual([
      [],
      ['R-IO1-a'],
    ]);
    const { submitter } = byAdministrator;
    const login = dossier({
      ...byAdministrator,
      channel: 'electronic',
      submitter: { ...submitter, authenticatedLevel: 'EH1' },
    });
    expect(classifyAuthorization(login, ruleSet('eh-1.5')).rows.IO).toEqual(['R-IO1-a']);
  });

  test('IV3: any look counted, and any registration was exempt', () => {
    const none = { type: 'specialCircumstancesCheck', outcome: 'none' };
    expect(iv(dossier({}, shown, { ...none, asOf }))).toEqual([3, 3]);
    expect(iv(dossier({}, shown, { ...none, asOf: '2020-01-01T00:00:00+01:00' }))).toEqual([3, 2]);
    expect([0, 1, 2, 3].map((score) => iv(dossier(registered(score), shown)))).toEqual([
      [2, 2],
      [3, 2],
      [3, 2],
      [3, 3],
    ]);
    const reported = { representedParty: { kind: 'undertaking', specialCircumstancesReported: true } };
    expect(iv(dossier({ ...registered(3), ...reported }, shown))).toEqual([2, 2]);
    const found = { type: 'specialCircumstancesCheck', asOf, outcome: 'found', otherRepresentativeRegistered: false };
    expect(iv(dossier(registered(3), shown, found))).toEqual([2, 2]);
    const confirmed = {
      type: 'circumstancesConfirmation',
      contactSource: 'independentParty',
      confirmed: true,
      confirmedBy: 'representativeInApplication',
    };
    expect(iv(dossier({}, shown, found, confirmed))).toEqual([3, 3]);
  });

  test('R-IV: the register was asked for somebody new only, and for no unit', () => {
    expect(iv(dossier({ ...byAdministrator, ...registered(3) }))).toEqual([3, 1]);
    expect(iv(dossier({ ...byAdministrator, ...registered(3) }, lookup))).toEqual([3, 3]);
    expect(iv(dossier({ ...byAdministrator, ...registered(0) }, lookup))).toEqual([2, 2]);
    expect(iv(dossier({ ...byAdministrator, ...registered(0) }))).toEqual([1, 1]);
    const publicBody = { ...byAdministrator, ...registered(3), representedParty: { kind: 'publicLegalPerson' } };
    expect(iv(dossier(publicBody, lookup))).toEqual([3, 1]);
    const ofIv2 = { ...byAdministrator.submitter, administration: { level: 'EH3', iv: 2 } };
    expect(iv(dossier({ ...byAdministrator, ...registered(3), submitter: ofIv2 }))).toEqual([2, 1]);
  });

  test('a dossier of its own form is judged as it stands', () => {
    const judged = (asked: AuthorizationRequest) => classifyAuthorization(asked, ruleSet('eh-1.5')).scores.IV;
    const undated = { type: 'specialCircumstancesCheck', outcome: 'none' };
    expect(judged(dossier({}, shown, undated))).toBe(3);
    expect(judged(dossier(registeredBefore(true), shown))).toBe(3);
    expect(judged(dossier(registeredBefore(false), shown))).toBe(2);
    expect(judged(dossier({ ...byAdministrator, ...registeredBefore(true) }))).toBe(3);
    expect(judged(dossier({ ...byAdministrator, ...registeredBefore(false) }))).toBe(1);
  });

  test('ADMIN-01, STOLEN-01: a limited power appointed, a document that nobody presents refused', () => {
    const limited = dossier({ authority: 'administration' }, { ...shown, limitation: 'obstructing' });
    expect(refused(limited, 'appointer-not-legal-representative')).toEqual([false, true]);
    const other = dossier({ authority: 'administration', submitter: { role: 'other', holdsMeans: false } });
    expect(refused(other, 'appointer-not-legal-representative')).toEqual([true, true]);
    const status = { type: 'idDocumentStatus', subject: 'submitter', document: 'doc-1' };
    expect(refused(dossier({}, { ...status, status: 'reported' }), 'document-reported')).toEqual([true, false]);
    expect(refused(dossier({}, { ...status, status: 'notReported' }), 'document-reported')).toEqual([false, false]);
  });

  const means = (changed: object) =>
    ({
      identification: {
        physicalAppearance: true,
        attributes: { count: 2, uniquelyIdentifying: true, officialNumberVerified: true },
        validations: [{ method: 'idDocumentShown', original: true, manner: 'inPerson' }],
      },
      issuance: { form: 'unverified' },
      issuer: { participant: true, supervision: 'mandatory' },
      token: { possession: 'none' },
      mechanism: {
        factors: 2,
        protection: {
          guessing: 'protected',
          eavesdropping: 'protected',
          hijacking: 'protected',
          replay: 'protected',
          manInTheMiddle: 'protected',
        },
        evaluation: 'eal4PlusComparable',
      },
      ...changed,
    }) as MeansRequest;
  const score = (element: 'IC' | 'RC' | 'AM', changed: object) =>
    ruleSetVersions.map((version) => classifyMeans(means(changed), ruleSet(version)).scores[element]);

  test('MEANS-IC3, MEANS-IC4: another form was never more than IC2, and handing over counted for nothing', () => {
    const other = { form: 'other', equivalenceReason: 'handed over by the notary', equivalentTo: 3 };
    expect(score('IC', { issuance: other })).toEqual([2, 3]);
    const signature = { technology: 'pki', chainComplete: true, revocationStatus: 'good' };
    for (const issuance of [
      { form: 'registeredLetter', addressValidated: true },
      { form: 'qualifiedCertificate', signature },
      { form: 'passwordObtainedInPerson' },
    ])
      expect(score('IC', { issuance })).toEqual([3, 3]);
    for (const issuance of [
      { form: 'registeredLetter', addressValidated: false },
      { form: 'qualifiedCertificate', signature: { ...signature, chainComplete: false } },
    ])
      expect(score('IC', { issuance })).toEqual([1, 1]);
    const identified = { form: 'afterPhysicalIdentification', identifiedAt: asOf };
    const before = '2026-03-02T10:59:59+01:00';
    expect(score('IC', { issuance: { ...identified, handedOutAt: asOf } })).toEqual([1, 4]);
    expect(score('IC', { issuance: { ...identified, activatedAt: before, handedOutAt: asOf } })).toEqual([1, 4]);
    expect(score('IC', { issuance: { ...identified, activatedAt: asOf, handedOutAt: before } })).toEqual([4, 4]);
    const activatedBefore = means({ issuance: { ...identified, activatedAt: before } });
    expect(classifyMeans(activatedBefore, ruleSet('eh-1.5')).refusals).toContain('not-identified');
  });

  test('MEANS-RC3, MEANS-AM3: a weak secret held the means back, and was a factor', () => {
    const withSecret = (possession: string, meetsGuideline: boolean, more: object = {}) => ({
      token: { possession, secret: { kind: 'pin', meetsGuideline } },
      ...more,
    });
    const certificate = 'qualifiedCertificateOnSecureDevice';
    expect(score('RC', withSecret('smsCode', false))).toEqual([1, 3]);
    expect(score('RC', withSecret('smsCode', true))).toEqual([3, 3]);
    expect(score('RC', { token: { possession: 'smsCode' } })).toEqual([3, 3]);
    expect(score('RC', withSecret(certificate, false))).toEqual([1, 4]);
    expect(score('RC', withSecret(certificate, true))).toEqual([4, 4]);
    expect(score('RC', withSecret('none', true))).toEqual([2, 2]);
    expect(score('AM', withSecret('smsCode', false))).toEqual([4, 2]);
    const { mechanism } = means({});
    const weaker = (changed: object) => ({ mechanism: { ...mechanism, ...changed } });
    expect(score('AM', weaker({ factors: 1 }))).toEqual([2, 2]);
    expect(score('AM', weaker({ evaluation: 'none' }))).toEqual([3, 3]);
    const but = (changed: object) => weaker({ protection: { ...mechanism.protection, ...changed } });
    expect(score('AM', but({ replay: 'some' }))).toEqual([3, 3]);
    expect(score('AM', but({ replay: 'some', guessing: 'some' }))).toEqual([2, 2]);
    expect(score('AM', but({ replay: 'none' }))).toEqual([1, 1]);
  });

  test('STOLEN-01: nobody looked up a document that was shown', () => {
    const judged = (...validations: object[]) => {
      const { identification } = means({});
      const asked = means({ identification: { ...identification, validations } });
      return ruleSetVersions.map((version) =>
        classifyMeans(asked, ruleSet(version)).refusals.includes('document-reported'),
      );
    };
    const shownAndReported = { method: 'idDocumentShown', original: true, manner: 'inPerson', status: 'reported' };
    expect(judged(shownAndReported)).toEqual([false, true]);
    expect(judged({ method: 'idCopyWithRegisterCheck', status: 'reported' })).toEqual([true, true]);
    expect(judged({ method: 'idCopyWithRegisterCheck', status: 'notReported' })).toEqual([false, false]);
  });

  test('PI1: whoever asked at EH1 was heard in any form', () => {
    const asked = (medium: 'writing' | 'email' | 'counter' | 'telephone' | 'other') =>
      ruleSetVersions.map(
        (version) =>
          revocationDeadline(
            {
              object: 'means',
              level: 'EH1',
              channel: 'electronic',
              receivedAt: asOf,
              medium,
              requester: { role: 'authorizedParty' },
            },
            ruleSet(version),
          ).accepted,
      );
    for (const medium of ['writing', 'email'] as const) expect(asked(medium)).toEqual([true, true]);
    for (const medium of ['counter', 'telephone', 'other'] as const) expect(asked(medium)).toEqual([true, false]);
  });

  test('and nothing else: every other row, refusal and table is the present one', () => {
    const [earlier, present] = [ruleSet('eh-1.5'), ruleSet('eh-1.5.1')];
    const changed = <Rule extends object>(
      before: readonly Rule[],
      after: readonly Rule[],
      name: (rule: Rule) => string,
    ) => after.flatMap((rule, index) => (before[index] === rule ? [] : [name(rule)]));
    expect(earlier.authorization.rows.length).toBe(present.authorization.rows.length);
    expect(changed(earlier.authorization.rows, present.authorization.rows, ({ id }) => id)).toEqual([
      'R-IO1-a',
      'IV3',
      'R-IV',
      'R-IV',
    ]);
    expect(changed(earlier.authorization.blocking, present.authorization.blocking, ({ code }) => code)).toEqual([
      'appointer-not-legal-representative',
      'document-reported',
    ]);
    expect(changed(earlier.means.rows, present.means.rows, ({ id }) => id)).toEqual([
      'MEANS-IC3',
      'MEANS-IC4',
      'MEANS-RC3',
      'MEANS-RC4',
      'MEANS-AM3',
      'MEANS-AM4',
    ]);
    expect(changed(earlier.means.rowCodes, present.means.rowCodes, ({ code }) => code)).toEqual(['not-identified']);
    expect(changed(earlier.means.blocking, present.means.blocking, ({ code }) => code)).toEqual(['document-reported']);
    expect({ ...earlier.revocation, mediaAtEh1: [] }).toEqual({ ...present.revocation, mediaAtEh1: [] });
    for (const part of ['levels', 'validity', 'use'] as const) expect(earlier[part]).toBe(present[part]);
  });

  test('an earlier form of a rule that is not there is a mistake', () => {
    const named = (name: string) => ({ name });
    const [a, b, earlierB] = [named('a'), named('b'), named('b')];
    expect(withEarlier([a, b], [earlierB], ({ name }) => name)).toEqual([a, earlierB]);
    expect(withEarlier([a, b], [earlierB], ({ name }) => name)[1]).toBe(earlierB);
    expect(() => withEarlier([a], [earlierB], ({ name }) => name)).toThrow('there is no rule b');
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
