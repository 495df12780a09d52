import { describe, expect, test } from '@jest/globals';
import type { AuthorizationRequest } from '../contract/classification.types.js';
import { currentRuleSet as rules } from '../rule-sets/rule-sets.js';
import { renewalEvidence, renewalProcedureScore } from './renewal.js';
import type { RenewalEvidence } from './renewal-row.js';

const evidence: RenewalEvidence = { io: 4, iv: 3, ia: 2, namesAuthorization: true, authorizedPartyUnique: true };
const score = (changed: Partial<RenewalEvidence>): number => renewalProcedureScore({ ...evidence, ...changed }, rules);

describe('the renewal procedure', () => {
  test('PV1, PV2, PV3, PV4: the score follows who renews', () => {
    expect([0, 1, 2, 3, 4].map((io) => score({ io }))).toEqual([0, 1, 2, 3, 4]);
  });

  test('PV2, PV3, PV4: IV2 is enough, IV1 gives PV1 only', () => {
    expect([0, 1, 2, 3].map((iv) => score({ iv }))).toEqual([0, 1, 4, 4]);
  });

  test('PV2: the represented party at IA2 and a unique authorized party, else PV1', () => {
    expect([0, 1, 2].map((ia) => score({ ia }))).toEqual([0, 1, 4]);
    expect(score({ authorizedPartyUnique: false })).toBe(1);
  });

  test('PV1, AMB-21: an authorization that is not named is not renewed', () => {
    expect(score({ namesAuthorization: false })).toBe(0);
  });
});

test('the evidence is read from the dossier of the renewal, whatever its profile says', () => {
  const request: AuthorizationRequest = {
    registration: 'repeated',
    channel: 'electronic',
    startedAt: '2026-03-02T09:00:00+01:00',
    assessedAt: '2026-03-02T09:10:00+01:00',
    representedParty: { kind: 'undertaking' },
    submitter: {
      role: 'administrator',
      holdsMeans: true,
      authenticatedLevel: 'EH3',
      administration: { level: 'EH3', iv: 2 },
    },
    authorizedParty: { kind: 'naturalPerson', meansStork: 3, registeredIv: 3 },
    registerProfile: { im: 3, pd: 2, pv: 0, pi: 4, pt: 2 },
    checks: [
      { type: 'identityAttributesRecorded', subject: 'authorizedParty', uniquelyIdentifying: true },
      {
        type: 'tradeRegisterLookup',
        subject: 'representedParty',
        via: 'online',
        asOf: '2026-03-02T09:05:00+01:00',
        outcome: 'found',
        agreesOn: ['number', 'name', 'address'],
      },
    ],
  };
  const read = renewalEvidence(request, true, rules);
  expect(read).toEqual({ ia: 2, io: 3, iv: 2, namesAuthorization: true, authorizedPartyUnique: true });
  expect(renewalProcedureScore(read, rules)).toBe(3);
  const unnamed = renewalEvidence({ ...request, checks: [] }, false, rules);
  expect(unnamed).toMatchObject({ namesAuthorization: false, authorizedPartyUnique: false });
});
