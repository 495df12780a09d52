import type { Requests } from '#libs/scheme';

/** A request of each evaluation as it may come. */
const yes: Requests = {
  authorization: {
    registration: 'first',
    channel: 'nonElectronic',
    startedAt: '2026-03-02T09:00:00+01:00',
    assessedAt: '2026-03-02T16:00:00+01:00',
    representedParty: { kind: 'undertaking' },
    submitter: { role: 'legalRepresentative', holdsMeans: false },
    authorizedParty: { kind: 'naturalPerson', meansStork: 3 },
    registerProfile: { im: 2, pd: 2, pv: 3, pi: 3, pt: 2 },
    checks: [
      { type: 'identityAttributesRecorded', subject: 'representedParty', uniquelyIdentifying: true },
      {
        type: 'tradeRegisterLookup',
        subject: 'representedParty',
        via: 'online',
        asOf: '2026-03-02T11:00:00+01:00',
        outcome: 'found',
        agreesOn: ['number', 'name', 'address'],
      },
      {
        type: 'representationCheck',
        of: 'submitter',
        register: 'tradeRegister',
        via: 'online',
        asOf: '2026-03-02T11:00:00+01:00',
        outcome: 'found',
        basis: 'byName',
        agrees: true,
        limitation: 'none',
        sameDataAsIdentified: true,
      },
      { type: 'identityAttributesRecorded', subject: 'submitter', uniquelyIdentifying: true },
      { type: 'idCopyEnclosed', subject: 'submitter', document: 'passport-director', presentation: 'paper' },
      {
        type: 'signatureComparison',
        against: 'idCopy',
        document: 'passport-director',
        form: 'original',
        onTheSpot: false,
        agrees: true,
      },
      { type: 'meansIssuance', issuanceLevel: 3, sameProcess: true },
      { type: 'identityAttributesRecorded', subject: 'authorizedParty', uniquelyIdentifying: true },
      { type: 'idCopyEnclosed', subject: 'authorizedParty', document: 'passport-employee', presentation: 'paper' },
      { type: 'idDocumentStatus', subject: 'authorizedParty', document: 'passport-employee', status: 'notReported' },
    ],
  },
  means: {
    identification: {
      physicalAppearance: false,
      attributes: { count: 4, uniquelyIdentifying: true, officialNumberVerified: true },
      validations: [{ method: 'idCopyWithRegisterCheck', status: 'notReported' }],
    },
    issuance: { form: 'registeredLetter', addressValidated: true },
    issuer: { participant: true, supervision: 'government' },
    token: { possession: 'smsCode', secret: { kind: 'password', meetsGuideline: true } },
    mechanism: {
      factors: 1,
      protection: {
        guessing: 'some',
        eavesdropping: 'some',
        hijacking: 'some',
        replay: 'some',
        manInTheMiddle: 'some',
      },
      evaluation: 'none',
    },
  },
  revocationDeadline: {
    object: 'authorization',
    level: 'EH3',
    channel: 'nonElectronic',
    receivedAt: '2026-04-02T15:00:00+02:00',
    requester: { role: 'authorizedParty', ioScore: 3 },
  },
  validity: {
    level: 'EH3',
    registeredAt: '2024-01-31T10:00:00+01:00',
    period: { from: '2024-02-01T00:00:00+01:00', until: '2034-02-01T00:00:00+01:00' },
    lastUsedAt: '2024-02-10T09:12:44+01:00',
    hasAdministrator: true,
    notice: { sentAt: '2026-02-20T08:00:00+01:00', toAuthorizedParty: true, toAdministrator: true },
    consent: { givenAt: '2024-02-10T09:12:44+01:00' },
  },
  evaluation: {
    at: '2026-03-02T10:00:00+01:00',
    requestedLevel: 'EH3',
    representedParty: { id: 'org-1' },
    service: {
      id: 'svc-tax-return',
      provider: 'provider-a',
      chainSupported: true,
      minimumLevels: [{ from: '2020-01-01T00:00:00+01:00', level: 'EH3' }],
    },
    means: { holder: 'person-1', status: 'active', stork: 3 },
    links: [
      {
        representedParty: 'org-1',
        authorizedParty: 'office-1',
        m: 2,
        status: 'active',
        registeredAt: '2025-01-10T12:00:00+01:00',
        validFrom: '2025-01-10T12:00:00+01:00',
        validUntil: '2030-01-10T12:00:00+01:00',
        scope: { services: ['svc-tax-return'] },
        rightOfSubstitution: true,
      },
      {
        representedParty: 'office-1',
        authorizedParty: 'person-1',
        m: 3,
        status: 'active',
        registeredAt: '2025-01-10T12:00:00+01:00',
        validFrom: '2025-01-10T12:00:00+01:00',
        validUntil: '2030-01-10T12:00:00+01:00',
        scope: { services: ['svc-tax-return'] },
        rightOfSubstitution: false,
      },
    ],
  },
};

/**
 * Requests of each evaluation that get a yes and a no, by what they ask; the contract shows each with the answer that is
 * given to it.
 */
export const classificationExamples: {
  readonly [Kind in keyof Requests]: Readonly<Record<string, Requests[Kind]>>;
} = {
  authorization: {
    signedOnPaper: yes.authorization,
    withoutLookup: {
      ...yes.authorization,
      checks: yes.authorization.checks.filter(({ type }) => type !== 'tradeRegisterLookup'),
    },
  },
  means: {
    registeredLetter: yes.means,
    emailOnly: {
      ...yes.means,
      identification: {
        physicalAppearance: false,
        attributes: { count: 1, uniquelyIdentifying: false, officialNumberVerified: false },
        validations: [{ method: 'emailConfirmation', confirmed: true }],
      },
    },
  },
  revocationDeadline: {
    onPaper: yes.revocationDeadline,
    byNobody: { ...yes.revocationDeadline, requester: { role: 'other' } },
  },
  validity: { unused: yes.validity, inUse: { ...yes.validity, lastUsedAt: '2026-02-10T09:12:44+01:00' } },
  evaluation: {
    direct: { ...yes.evaluation, links: [{ ...yes.evaluation.links[1]!, representedParty: 'org-1' }] },
    throughIntermediary: yes.evaluation,
    revoked: { ...yes.evaluation, means: { ...yes.evaluation.means, status: 'revoked' } },
  },
};
