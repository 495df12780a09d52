import { authorizationExample } from '../views/authorization.view.js';
import { meansExample } from '../views/means.view.js';

/** Explanations as they may come, for the contract. */

const READING = 'c1d8a3d5-9c9e-4d5e-8a57-0c3a9b1f2d44';
const CHECK = '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10';
const AT = '2026-03-03T09:00:00.000Z';

export const explainExample = { reason: 'Yearly sample of level EH3' };

export const explainOtherRulesExample = {
  reason: 'What the rules before would have said',
  at: '2026-03-02T16:00:00Z',
  ruleSet: 'eh-1.5',
};

const checked = {
  check: {
    id: CHECK,
    type: 'idDocumentStatus',
    application: authorizationExample.application,
    about: { person: '3c2d4e5f-1111-4222-8333-944455566677' },
    document: '9a8b7c6d-1111-4222-8333-944455566677',
    status: 'notReported',
    performedAt: '2026-03-02T10:12:00.000Z',
    performedBy: { clerk: '5b1f1b8e-1111-4222-8333-944455566677' },
    source: { name: 'stolen-document-register', reference: 'enquiry-2026-0302-17' },
    late: false,
  },
  type: 'idDocumentStatus',
  counts: true,
  joined: false,
  superseded: false,
  record: {
    event: '1d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10',
    type: 'CheckRecorded',
    stream: `check-${CHECK}`,
    revision: 0,
    position: '12',
    recordedAt: '2026-03-02T10:13:00.000Z',
  },
};

const meansOutcome = {
  scores: meansExample.scores,
  rows: meansExample.rows,
  stork: meansExample.stork,
  issuanceLevel: meansExample.issuanceLevel,
};

const explainedMeans = {
  id: meansExample.id,
  at: AT,
  status: 'active',
  stork: 3,
  decision: {
    record: {
      event: '2d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10',
      type: 'MeansIssued',
      stream: `means-${meansExample.id}`,
      revision: 2,
      position: '31',
      recordedAt: '2026-03-02T14:00:00.000Z',
    },
    decidedAt: '2026-03-02T14:00:00.000Z',
    recordedRuleSet: 'eh-1.5.1',
    ruleSet: 'eh-1.5.1',
    recorded: meansOutcome,
    judgedAgain: meansOutcome,
    obstacles: [],
    differences: [],
    aspects: [
      {
        aspect: 'ID',
        score: 3,
        rows: [
          {
            row: 'MEANS-ID3-v2',
            score: 3,
            rule: 'Identification without appearance, with a verified official number and a validation.',
            source: '003 Annex D level 3, a.2',
            checks: [CHECK],
          },
        ],
      },
    ],
    checks: [checked],
  },
};

const authorizationOutcome = {
  scores: authorizationExample.scores,
  rows: authorizationExample.rows,
  m: authorizationExample.m,
  eh: authorizationExample.eh,
  eidas: authorizationExample.eidas,
  submitterLevel: authorizationExample.submitterLevel,
  flags: [],
};

const explainedAuthorization = {
  id: authorizationExample.id,
  at: AT,
  status: 'active',
  level: { level: 'EH3', eidas: 'substantial', reasons: [] },
  decision: {
    ...explainedMeans.decision,
    record: {
      event: '3d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10',
      type: 'AuthorizationRegistered',
      stream: `authorization-${authorizationExample.id}`,
      revision: 0,
      position: '42',
      recordedAt: '2026-03-02T15:00:00.000Z',
    },
    decidedAt: '2026-03-02T15:00:00.000Z',
    recorded: authorizationOutcome,
    judgedAgain: { ...authorizationOutcome, flags: ['id-copy-not-enclosed'] },
    differences: [{ member: 'flags', recorded: '[]', judgedAgain: '["id-copy-not-enclosed"]' }],
    aspects: [
      {
        aspect: 'IO',
        score: 3,
        rows: [
          {
            row: 'IO3-d',
            score: 3,
            rule: 'A copy of an identity document, not reported stolen or missing.',
            source: '003 §4.4.3 row d',
            checks: [CHECK],
          },
        ],
      },
    ],
  },
  means: explainedMeans,
};

export const meansExplanationExample = { ...explainedMeans, reading: READING };
export const authorizationExplanationExample = { ...explainedAuthorization, reading: READING };

const answered = {
  decision: true,
  level: 'EH3',
  requiredLevel: 'EH3',
  reasons: [],
  path: [authorizationExample.id],
};

export const decisionExplanationExample = {
  id: '8f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
  kind: 'decision',
  recordedAt: AT,
  decidedAt: AT,
  position: '57',
  use: true,
  answers: [
    {
      place: 0,
      asked: {
        subject: authorizationExample.authorizedParty.pseudonym,
        organization: 'kvk:69599084',
        service: 'urn:etoegang:DV:00000099800000001000:services:1',
        level: 'EH3',
        singleSignOn: false,
      },
      at: AT,
      recordedRuleSet: 'eh-1.5.1',
      ruleSet: 'eh-1.5.1',
      recorded: answered,
      judgedAgain: answered,
      differences: [],
      authorizations: [explainedAuthorization],
    },
  ],
  unread: [
    {
      place: 1,
      faults: [{ pointer: '/evaluations/1/resource', code: 'required', detail: 'Required member is missing' }],
    },
  ],
  reading: READING,
};
