import type { Instant } from '#libs/kernel';
import type { AuthorizationEvent, AuthorizationRegistered, CheckFacts, MeansEvent, PersonEvent } from '#libs/domain';
import { at, uuid } from './fixed.js';
import type { MemoryBackbone } from './memory-backbone.js';

/**
 * The case that classification.md opens with, as it is on record: a director signs the paper form of a company and
 * encloses copies of his passport and of an employee's, who gets a means of level 3 in the same process.
 */

export const ids = {
  application: uuid('appl', 1),
  company: uuid('party', 1),
  otherCompany: uuid('party', 2),
  director: uuid('person', 1),
  employee: uuid('person', 2),
  directorsPassport: uuid('doc', 1),
  employeesPassport: uuid('doc', 2),
  means: uuid('means', 1),
  authorization: uuid('auth', 1),
} as const;

export const receivedAt = at('2026-03-02T09:00:00+01:00');
export const assessedAt = at('2026-03-02T16:00:00+01:00');
export const lookedUpAt = at('2026-03-02T11:00:00+01:00');

type Members<T> = T extends CheckFacts
  ? Omit<T, 'application' | 'performedAt' | 'performedBy' | 'source'> & { readonly application?: string }
  : never;

/** A stored check with what every check has. */
export const checkOf = (members: Members<CheckFacts>): CheckFacts =>
  ({
    application: ids.application,
    performedAt: lookedUpAt,
    performedBy: { clerk: 'clerk-17' },
    source: { name: 'case-file', reference: 'f-1' },
    ...members,
  }) as CheckFacts;

/** The nine checks of the case; what the issuance of the means earned is on the means' own stream. */
export const checksOfTheCase: readonly CheckFacts[] = [
  checkOf({ type: 'identityAttributesRecorded', about: { party: ids.company }, uniquelyIdentifying: true }),
  checkOf({
    type: 'tradeRegisterLookup',
    about: { party: ids.company },
    via: 'online',
    asOf: lookedUpAt,
    outcome: 'found',
    agreesOn: ['number', 'name', 'address'],
  }),
  checkOf({
    type: 'representationCheck',
    about: { person: ids.director },
    party: ids.company,
    register: 'tradeRegister',
    via: 'online',
    asOf: lookedUpAt,
    outcome: 'found',
    basis: 'byName',
    agrees: true,
    limitation: 'none',
    sameDataAsIdentified: true,
  }),
  checkOf({ type: 'identityAttributesRecorded', about: { person: ids.director }, uniquelyIdentifying: true }),
  checkOf({
    type: 'idCopyEnclosed',
    about: { person: ids.director },
    document: ids.directorsPassport,
    presentation: 'paper',
  }),
  checkOf({
    type: 'signatureComparison',
    about: { person: ids.director },
    document: ids.directorsPassport,
    against: 'idCopy',
    form: 'original',
    onTheSpot: false,
    agrees: true,
  }),
  checkOf({ type: 'identityAttributesRecorded', about: { person: ids.employee }, uniquelyIdentifying: true }),
  checkOf({
    type: 'idCopyEnclosed',
    about: { person: ids.employee },
    document: ids.employeesPassport,
    presentation: 'paper',
  }),
  checkOf({
    type: 'idDocumentStatus',
    about: { person: ids.employee },
    document: ids.employeesPassport,
    status: 'notReported',
  }),
];

export const personFacts = (person: string, document?: string, duplicateOf?: string): readonly PersonEvent[] =>
  [
    {
      type: 'PersonRegistered',
      data: {
        person,
        familyName: { clear: 'Jansen' },
        givenNames: { clear: 'Anna Maria' },
        birthDate: { clear: '1985-04-12' },
        identifyingAttributes: ['familyName', 'givenNames', 'birthDate'],
        ...(duplicateOf === undefined ? {} : { duplicatesOf: [duplicateOf] }),
      },
    },
    ...(document === undefined
      ? []
      : [
          {
            type: 'DocumentRecorded',
            data: {
              person,
              document,
              documentType: 'passport',
              number: { clear: 'NX1234567' },
              expiresOn: { clear: '2026-03-02' },
            },
          },
        ]),
  ] as unknown as readonly PersonEvent[];

/** The life of a means as far as `until`. */
export function meansFacts(
  means: string,
  holder: string,
  until: 'applied' | 'issued' | 'active' | 'revoked',
  options: { readonly stork?: 1 | 2 | 3 | 4; readonly application?: string } = {},
): readonly MeansEvent[] {
  const { stork = 3, application = ids.application } = options;
  const facts = [
    {
      type: 'MeansApplied',
      data: {
        means,
        application,
        holder,
        pseudonym: `pseudonym of ${means}`,
        product: 'password-sms',
        aimedStork: stork,
        appliedAt: receivedAt,
      },
    },
    {
      type: 'MeansIssued',
      data: {
        means,
        checks: [],
        scores: { ID: 3, IC: 3, IE: 2, RC: 3, AM: 3 },
        rows: { ID: [], IC: [], IE: [], RC: [], AM: [] },
        criteria: { appearance: 'i.a', attributes: 'ii.c', validation: 'iii.e' },
        stork,
        issuanceLevel: stork,
        aimedStork: stork,
        issuedAt: receivedAt,
      },
    },
    { type: 'MeansActivated', data: { means, application, activatedAt: receivedAt, late: false } },
    { type: 'MeansRevoked', data: { means, revocationRequest: uuid('revoke'), revokedAt: receivedAt } },
  ];
  return facts.slice(0, ['applied', 'issued', 'active', 'revoked'].indexOf(until) + 1) as unknown as MeansEvent[];
}

/** An authorization of the director with his own means, active at once unless it is told otherwise. */
export function authorizationFacts(
  authorization: string,
  data: Partial<{ [Name in keyof AuthorizationRegistered['data']]: unknown }> = {},
  until: 'awaitingActivation' | 'active' | 'revoked' = 'active',
): readonly AuthorizationEvent[] {
  const facts = [
    {
      type: 'AuthorizationRegistered',
      data: {
        authorization,
        application: ids.application,
        registration: 'first',
        authority: 'regular',
        representedParty: ids.company,
        submitter: { person: ids.director, role: 'legalRepresentative' },
        authorizedParty: { person: ids.director, means: ids.means, pseudonym: `pseudonym of ${ids.means}` },
        scope: { all: true, services: [], groups: [] },
        forThirdParties: false,
        nature: { rightOfSubstitution: false, actsIndependently: true },
        validFrom: '2026-01-01T00:00:00.000Z' as Instant,
        validUntil: '2029-01-01T00:00:00.000Z' as Instant,
        capped: false,
        registeredAt: receivedAt,
        checks: [],
        scores: { IA: 2, IO: 3, IG: 3, IV: 3 },
        rows: {},
        m: 3,
        eh: 'EH3',
        eidas: 'substantial',
        submitterLevel: null,
        flags: [],
        aimedLevel: 'EH3',
        acceptLower: false,
        ...data,
      },
    },
    {
      type: 'AuthorizationActivated',
      data: { authorization, application: ids.application, activatedAt: receivedAt, checks: [], late: false },
    },
    { type: 'AuthorizationRevoked', data: { authorization, revocationRequest: uuid('revoke'), revokedAt: receivedAt } },
  ];
  return facts.slice(
    0,
    ['awaitingActivation', 'active', 'revoked'].indexOf(until) + 1,
  ) as unknown as AuthorizationEvent[];
}

const partyFacts = (party: string, number: string) => ({
  type: 'PartyRegistered',
  data: { party, kind: 'undertaking', register: 'kvk', number, publicDetails: { name: 'Scholengroep De Linde' } },
});

/** Records the objects of the case, and the given checks in this order. Answers the ids of the checks. */
export async function recordPaperRegistration(
  memory: MemoryBackbone,
  checks: readonly CheckFacts[] = checksOfTheCase,
): Promise<readonly string[]> {
  const { record } = memory;
  await record('application', ids.application, {
    type: 'ApplicationReceived',
    data: {
      application: ids.application,
      channel: 'nonElectronic',
      receivedAt,
      purposes: ['means', 'registration'],
      late: false,
    },
  });
  await record('party', ids.company, partyFacts(ids.company, '69599084'));
  await record('party', ids.otherCompany, partyFacts(ids.otherCompany, '68750110'));
  await record('person', ids.director, ...personFacts(ids.director, ids.directorsPassport));
  await record('person', ids.employee, ...personFacts(ids.employee, ids.employeesPassport));
  return recordChecks(memory, checks);
}

let checkNumber = 0;

export async function recordChecks(memory: MemoryBackbone, checks: readonly CheckFacts[]): Promise<readonly string[]> {
  const named: string[] = [];
  for (const facts of checks) {
    const check = uuid('check', ++checkNumber);
    await memory.record('check', check, { type: 'CheckRecorded', data: { check, facts, late: false } });
    named.push(check);
  }
  return named;
}
