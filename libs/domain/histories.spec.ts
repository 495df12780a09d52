import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  later,
  type CalendarDate,
  type ConfirmationId,
  type Decider,
  type DomainEvent,
  type Instant,
  type PersonId,
} from '#libs/kernel';
import { at, foldOf, playTwice, uuid } from '#libs/testing';
import {
  applicationDecider,
  authorizationDecider,
  checkDecider,
  installationDecider,
  meansDecider,
  partyDecider,
  personDecider,
  revocationRequestDecider,
  confirmationDecider,
  destructionDecider,
  evidenceDecider,
  legalHoldDecider,
  policySimulationDecider,
  rightsRequestDecider,
  MASKED_PARTS,
  webhookSubscriptionDecider,
  type WebhookSubscriptionCommand,
  type WebhookSubscriptionEvent,
} from './index.js';

/**
 * What holds for every aggregate, whatever comes in whatever order: a repeated command never records a second fact, an
 * accepted history can always be folded, and `evolve` takes any fact in any state.
 */

const start = at('2026-03-02T12:00:00Z');
const moment = fc.integer({ min: -40, max: 40 }).map((hours): Instant => later(start, hours * 3_600_000));
const ADDRESSEE = { role: 'authorizedPerson', kind: 'person', id: uuid('person', 1) as PersonId } as const;
const TOLD = { addressee: ADDRESSEE, confirmation: uuid('conf') as ConfirmationId };
const id = (kind: string) => fc.constantFrom(uuid(kind, 1), uuid(kind, 2)) as fc.Arbitrary<never>;
const checks = fc.subarray([uuid('check', 1), uuid('check', 2), uuid('check', 3)]) as fc.Arbitrary<never>;
const stork = fc.constantFrom(1, 2, 3, 4) as fc.Arbitrary<never>;
const level = fc.constantFrom('EH1', 'EH2', 'EH2+', 'EH3', 'EH4') as fc.Arbitrary<never>;
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const type = <Type extends string>(name: Type) => fc.constant(name);
/** Members that are undefined are left out, as a request would. */
const record = <T extends object>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc
    .record(members as never)
    .map((value) => Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T);

const meansResult = record({
  scores: fc.constantFrom({ ID: 3, IC: 3, IE: 2, RC: 3, AM: 3 }, { ID: 2, IC: 3, IE: 2, RC: 3, AM: 3 }),
  rows: fc.constant({ ID: ['MEANS-ID2'], IC: [], IE: [], RC: [], AM: [] }),
  criteria: fc.constant({ appearance: 'i.a', attributes: 'ii.b', validation: 'iii.b' }),
  stork: fc.constantFrom(0, 2, 3),
  issuanceLevel: fc.constantFrom(0, 2, 3),
  limitedBy: fc.constant([]),
  missingFor: fc.constant({ 4: { ID: 4 } }),
  refusals: fc.subarray(['not-unique', 'document-reported', 'aspect-unscored:ID']),
}) as fc.Arbitrary<never>;

const restriction = fc.constantFrom(
  {},
  {},
  {},
  { restrictedToProvider: 'a' },
  {
    ...{ restrictedToProvider: 'a', restrictedToServices: ['a:1'] },
  },
);

const authorizationResult = record({
  scores: fc.constant({ IA: 2, IO: 3, IG: 3, IV: 3 }),
  rows: fc.constant({ IA: ['IA2-b'] }),
  m: fc.constantFrom(0, 1, 2, 3, 4),
  eh: fc.constantFrom(null, 'EH1', 'EH2', 'EH2+', 'EH3', 'EH4'),
  eidas: fc.constant(null),
  submitterLevel: fc.constant(null),
  limitedBy: fc.constant([]),
  missingFor: fc.constant({}),
  refusals: fc.subarray(['representation-limited', 'aspect-unscored:IV', 'incomplete:scope'], { minLength: 1 }),
  flags: fc.constant([]),
}) as fc.Arbitrary<never>;

/** What the last decision on an authorization earned, at its highest. */
const earning = authorizationResult.map(
  (result: object) => ({ ...result, m: 4, eh: 'EH4', refusals: [] }) as never,
) as fc.Arbitrary<never>;

interface Aggregate {
  readonly decider: Decider<unknown, { readonly type: string }, DomainEvent>;
  readonly commands: fc.Arbitrary<{ readonly type: string }>;
}
const aggregate = <State, Command extends { readonly type: string }, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  ...commands: fc.Arbitrary<Command>[]
): Aggregate => ({
  decider: decider as never,
  // The last command of a list is the one that ends things: it comes seldom.
  commands: fc.oneof(
    ...commands.map((arbitrary, index) => ({ arbitrary, weight: index < commands.length - 1 ? 8 : 2 })),
  ),
});

type Said = { readonly [attribute: string]: unknown };

/**
 * A decider as its door uses it: a correction comes to it with what is on record otherwise, because only the door can
 * open what is sealed. Here nothing is sealed: the values are those of the facts.
 */
function correcting<State, Command extends { readonly type: string }, Event extends DomainEvent, Type extends string>(
  decider: Decider<State, Command, Event>,
  correction: Type,
  remaining: (command: Extract<Command, { readonly type: Type }>, said: Said) => Command,
): Decider<{ readonly own: State; readonly said: Said }, Command, Event> {
  return {
    initialState: { own: decider.initialState, said: {} },
    decide: (command, { own, said }) =>
      decider.decide(command.type === correction ? remaining(command as never, said) : command, own),
    evolve: ({ own, said }, event) => ({ own: decider.evolve(own, event), said: { ...said, ...clearIn(event.data) } }),
  };
}

/** Every clear value of a fact, by its name; of a party's details those inside. */
const clearIn = (data: object): Said =>
  Object.fromEntries(
    Object.entries(data).flatMap(([name, value]): (readonly [string, unknown])[] => {
      if (name === 'publicDetails') return Object.entries(value as object);
      if (typeof value !== 'object' || value === null || !('clear' in value)) return [];
      return name === 'details' ? Object.entries(value.clear as object) : [[name, value.clear]];
    }),
  );

const unsaid = <Set extends object>(set: Set, said: Said): Set =>
  Object.fromEntries(Object.entries(set).filter(([name, value]) => said[name] !== value)) as Set;

const webhookTypes = fc.subarray(['AuthorizationRevoked', 'MeansRevoked'], { minLength: 1 }) as fc.Arbitrary<never>;
const parkedDelivery = fc.constant({ state: 'parked' } as const);

/** A decider as its door uses it: a delivery that was released or given up does not stand parked any more. */
function seeingDeliveries<State>(
  decider: Decider<State, WebhookSubscriptionCommand, WebhookSubscriptionEvent>,
): Decider<{ own: State; gone: readonly string[] }, WebhookSubscriptionCommand, WebhookSubscriptionEvent> {
  return {
    initialState: { own: decider.initialState, gone: [] },
    decide: (command, { own, gone }) =>
      decider.decide(
        'event' in command && gone.includes(command.event) ? { ...command, delivery: { state: 'waiting' } } : command,
        own,
      ),
    evolve: ({ own, gone }, event) => ({
      own: decider.evolve(own, event),
      gone: 'event' in event.data ? [...gone, event.data.event] : gone,
    }),
  };
}

const receivedApplication = fc.constant({
  status: 'received',
  id: uuid('appl'),
  channel: 'electronic',
  receivedAt: start,
  purposes: ['means'],
  late: false,
}) as fc.Arbitrary<never>;

const suspensionOrder = {
  ground: record({
    by: fc.constantFrom('party', 'party', 'party', 'court', 'operator'),
    application: id('appl'),
    channel: fc.constantFrom('electronic', 'nonElectronic'),
    receivedAt: moment,
    requester: fc.constant({ role: 'court' }),
    checks,
    rows: fc.constant({ IO: [] }),
    evidence: fc.constant([]),
    level,
    identification: fc.constant({ ioScore: 3 }),
    immediate: fc.boolean(),
    dueAt: fc.option(moment),
  }) as fc.Arbitrary<never>,
  refusals: fc.constantFrom([], [], [], [{ code: 'requester-not-identified', kind: 'refused' }]) as fc.Arbitrary<never>,
  now: moment,
};
const revocationJudgement = record({
  accepted: fc.boolean(),
  immediate: fc.boolean(),
  dueInstant: fc.option(moment),
  refusals: fc.subarray(['requester-not-identified']),
  flags: fc.constant([]),
  // Of a leaver each object has one.
  lines: fc.constantFrom(undefined, []),
}) as fc.Arbitrary<never>;
const revocationRequest = {
  revocationRequest: id('revoke'),
  object: fc.constantFrom({ means: uuid('means') } as never, { authorization: uuid('auth') } as never),
  application: id('appl'),
  channel: fc.constantFrom('electronic', 'nonElectronic') as fc.Arbitrary<'electronic' | 'nonElectronic'>,
  receivedAt: moment,
  requester: fc.constant({ role: 'court' } as never),
  checks,
  level,
  identification: fc.constant({ ioScore: 3 } as never),
};

const copyDecision = fc
  .integer({ min: 1, max: 4 })
  .map((reached) => ({ of: { authorization: uuid('auth') }, level: reached }) as never);

const aggregates: Record<string, Aggregate> = {
  application: aggregate(
    applicationDecider,
    record({
      type: type('ReceiveApplication'),
      application: id('appl'),
      channel: fc.constantFrom('electronic', 'nonElectronic'),
      receivedAt: moment,
      purposes: fc.constant(['means'] as never),
      lateEntryReason: optional(fc.string()) as fc.Arbitrary<string>,
      now: moment,
    }),
  ),
  check: aggregate(
    checkDecider,
    record({
      type: type('RecordCheck'),
      check: id('check'),
      facts: record({
        type: type('idCopyEnclosed'),
        application: fc.constant(uuid('appl')),
        about: fc.constant({ person: uuid('person') }),
        document: fc.constant(uuid('doc')),
        presentation: fc.constantFrom('paper', 'scan'),
        performedAt: moment,
        performedBy: fc.constant({ clerk: 'clerk-1' }),
        source: fc.constant({ name: 'case-file', reference: 'f-1' }),
      }) as fc.Arbitrary<never>,
      application: receivedApplication,
      checksHeld: fc.constantFrom(0, 499, 500),
      standsAgainst: fc.boolean(),
      now: moment,
    }),
  ),
  person: aggregate(
    correcting(personDecider, 'CorrectPerson', ({ set, ...command }, said) => ({ ...command, set: unsaid(set, said) })),
    record({
      type: type('RegisterPerson'),
      person: id('person'),
      attributes: record({ familyName: optional(fc.string()), email: optional(fc.string()) }) as fc.Arbitrary<never>,
      duplicatesOf: fc.uniqueArray(id('person')) as fc.Arbitrary<never>,
    }),
    record({
      type: type('RecordDocument'),
      document: id('doc'),
      documentType: fc.constantFrom('passport', 'identityCard'),
      number: fc.string(),
      issuingState: fc.constant('NLD'),
      expiresOn: fc.constant('2030-01-31'),
      duplicatesOf: fc.uniqueArray(id('person')) as fc.Arbitrary<never>,
    }),
    record({ type: type('RecognizeDuplicates'), of: fc.uniqueArray(id('person')) as fc.Arbitrary<never> }),
    record({ type: type('DispelDuplicates'), of: fc.uniqueArray(id('person')) as fc.Arbitrary<never> }),
    record({
      type: type('DistinguishPerson'),
      from: id('person'),
      by: fc.constantFrom(['givenNames'], ['document']) as fc.Arbitrary<never>,
      shown: fc.constant(['givenNames', 'document']) as fc.Arbitrary<never>,
    }),
    record({
      type: type('CorrectPerson'),
      application: id('appl'),
      checks,
      set: record({ familyName: optional(fc.string()), address: optional(fc.string()) }) as fc.Arbitrary<never>,
      shown: fc.constantFrom(['familyName', 'address'], ['address']) as fc.Arbitrary<never>,
      reach: id('cont'),
      duplicatesOf: fc.uniqueArray(id('person')) as fc.Arbitrary<never>,
      now: moment,
    }),
    record({
      type: type('RecordPersonContact'),
      contact: id('cont'),
      kind: fc.constantFrom('email', 'telephone'),
      value: fc.string(),
      suppliedBy: fc.constant({ submitter: true } as const),
    }),
    record({ type: type('LinkPerson'), to: id('person') }),
    record({
      type: type('ErasePersonContacts'),
      rightsRequest: id('right'),
      kept: fc.constant([]) as fc.Arbitrary<never[]>,
      now: moment,
    }),
  ),
  party: aggregate(
    correcting(partyDecider, 'CorrectParty', ({ details, corrected, ...command }, said) => ({
      ...command,
      details,
      corrected: corrected.filter((name) => details[name] !== said[name]),
    })),
    // What is registered again is found to be the same by its request's hash.
    record({
      type: type('RegisterParty'),
      party: id('party'),
      kind: fc.constantFrom('undertaking', 'publicLegalPerson'),
      register: fc.constant('kvk'),
      number: fc.constant('69599084'),
      details: fc.record({ name: fc.string() }),
      naturalPersonsBusiness: fc.boolean(),
      sameAsRecorded: fc.boolean(),
    }),
    record({
      type: type('CorrectParty'),
      application: id('appl'),
      checks,
      details: fc.record({ name: fc.string() }),
      corrected: fc.constant(['name']) as fc.Arbitrary<never>,
      shown: fc.constantFrom(['name'], []) as fc.Arbitrary<never>,
      now: moment,
    }),
    record({
      type: type('RecordPartyContact'),
      contact: id('cont'),
      kind: fc.constantFrom('email', 'telephone'),
      value: fc.string(),
      suppliedBy: fc.constant({ submitter: true } as const),
    }),
    record({
      type: type('ErasePartyContacts'),
      rightsRequest: id('right'),
      kept: fc.constant([]) as fc.Arbitrary<never[]>,
      now: moment,
    }),
    record({ type: type('ReportSpecialCircumstances'), now: moment }),
    record({
      type: type('ClearSpecialCircumstances'),
      checks: fc.constant([]) as fc.Arbitrary<never>,
      findings: fc.constant([]) as fc.Arbitrary<never>,
      isShown: fc.boolean(),
      now: moment,
    }),
  ),
  means: aggregate(
    meansDecider,
    record({
      type: type('ApplyForMeans'),
      means: id('means'),
      application: id('appl'),
      holder: id('person'),
      pseudonym: id('pseudo'),
      product: fc.constant('password-sms'),
      aimedStork: stork,
      restriction,
      ofProduct: restriction,
      closedForIssuance: fc.boolean(),
      now: moment,
    }),
    record({
      type: type('IdentifyHolder'),
      checks,
      evidence: fc.constant([]) as fc.Arbitrary<never>,
      classification: meansResult,
      now: moment,
    }),
    record({
      type: type('IssueMeans'),
      checks,
      evidence: fc.constant([]) as fc.Arbitrary<never>,
      classification: meansResult,
      aimedStork: stork,
      acceptLower: fc.boolean(),
      ofProduct: restriction,
      closedForIssuance: fc.boolean(),
      now: moment,
    }),
    fc.oneof(
      record({ type: type('ActivateMeans'), activatedAt: moment, now: moment }),
      // Told at once, as most are: of two moments the one is seldom the right time after the other.
      moment.map((now) => ({ type: 'ActivateMeans' as const, activatedAt: now, now })),
    ),
    record({
      type: type('UpgradeMeans'),
      application: id('appl'),
      product: fc.constantFrom('password-sms', 'certificate-card'),
      checks,
      evidence: fc.constant([]) as fc.Arbitrary<never>,
      classification: meansResult.map((result: object) => ({ ...result, stork: 4, issuanceLevel: 4 }) as never),
      aimedStork: stork,
      acceptLower: fc.boolean(),
      closedForIssuance: fc.constant(false),
      closedForUpgrade: fc.constant(false),
      ofProduct: restriction,
      staysBelow: fc.constant([]) as fc.Arbitrary<never>,
      staysBelowMore: fc.boolean(),
      now: moment,
    }),
    record({
      type: type('RenewMeans'),
      application: id('appl'),
      product: fc.constantFrom('password-sms', 'certificate-card'),
      checks,
      evidence: fc.constant([]) as fc.Arbitrary<never>,
      classification: meansResult,
      acceptLower: fc.boolean(),
      ofProduct: restriction,
      closedForIssuance: fc.constant(false),
      now: moment,
    }),
    record({
      type: type('ReportCertificateRevoked'),
      application: id('appl'),
      check: id('check'),
      validatedAt: moment,
      isRevoked: fc.constantFrom(true, true, false),
      receivedAt: moment,
      fingerprint: optional(fc.constantFrom('a', 'b')) as fc.Arbitrary<string>,
      isCertificate: fc.constantFrom(true, true, false),
      namesHolder: fc.constantFrom(true, true, false),
      now: moment,
    }),
    // Nothing else happens while it is suspended: it comes less often.
    fc.oneof(
      record({ type: type('SuspendMeans'), ...suspensionOrder }),
      record({ type: type('LiftSuspension'), ...suspensionOrder }),
    ),
    record({ type: type('RevokeMeans'), revocationRequest: id('revoke'), now: moment }),
  ),
  authorization: aggregate(
    authorizationDecider,
    record({
      type: type('RegisterAuthorization'),
      authorization: id('auth'),
      application: id('appl'),
      registration: fc.constantFrom('first', 'repeated'),
      authority: fc.constantFrom('regular', 'administration'),
      representedParty: id('party'),
      submitter: fc.constant({ person: uuid('person'), role: 'legalRepresentative' } as never),
      authorizedParty: fc.constantFrom(
        { party: uuid('party', 2) } as never,
        { person: uuid('person', 2), means: uuid('means'), pseudonym: uuid('pseudo') } as never,
      ),
      scope: fc.record({ all: fc.boolean(), services: fc.constant([]), groups: fc.constant([]) }),
      forThirdParties: fc.boolean(),
      nature: fc.record({ rightOfSubstitution: fc.boolean(), actsIndependently: fc.boolean() }),
      period: fc.record({ from: moment, until: moment }),
      validity: fc.record({ validUntil: moment, capped: fc.boolean() }),
      checks,
      evidence: fc.constant([]) as fc.Arbitrary<never>,
      classification: authorizationResult,
      meansStork: stork,
      aimedLevel: level,
      acceptLower: fc.boolean(),
      closedForIssuance: fc.boolean(),
      withdrawnServices: fc.subarray(['service-1']),
      servicesWithoutChains: fc.subarray(['service-1']),
      displayConsent: fc.boolean(),
      displayPermitted: optional(fc.boolean()) as fc.Arbitrary<boolean>,
      awaitsActivation: fc.boolean(),
      now: moment,
    }),
    record({
      type: type('ActivateAuthorization'),
      application: id('appl'),
      activatedAt: moment,
      checks,
      byHolder: fc.boolean(),
      now: moment,
    }),
    record({
      type: type('StateDisplayPermission'),
      application: id('appl'),
      permitted: fc.boolean(),
      statedBy: id('person'),
      role: fc.constantFrom('administrator', 'legalRepresentative'),
      manages: fc.constantFrom('this', 'this', 'nothing'),
      login: id('chk'),
      level,
      now: moment,
    }),
    record({
      type: type('RenewAuthorization'),
      application: id('appl'),
      registration: fc.constantFrom('first', 'repeated'),
      submitter: fc.constant({ person: uuid('person'), role: 'legalRepresentative' } as never),
      checks,
      evidence: fc.constant([]) as fc.Arbitrary<never>,
      classification: earning,
      meansStork: stork,
      meansEnded: fc.constant(false),
      meansSuspended: fc.constant(false),
      currentLevel: fc.constantFrom(null, 'EH3') as fc.Arbitrary<never>,
      aimedLevel: level,
      acceptLower: fc.boolean(),
      closedForIssuance: fc.constant(false),
      procedure: fc.constantFrom(1, 3),
      period: fc.record({ from: moment, until: moment }),
      validity: fc.record({ validUntil: moment, capped: fc.boolean() }),
      now: moment,
    }),
    record({
      type: type('ChangeAuthorization'),
      application: id('appl'),
      registration: fc.constantFrom('first', 'repeated'),
      submitter: fc.constant({ person: uuid('person'), role: 'legalRepresentative' } as never),
      checks,
      evidence: fc.constant([]) as fc.Arbitrary<never>,
      classification: earning,
      meansStork: stork,
      meansEnded: fc.constant(false),
      meansSuspended: fc.constant(false),
      currentLevel: fc.constantFrom(null, 'EH3') as fc.Arbitrary<never>,
      aimedLevel: level,
      acceptLower: fc.boolean(),
      closedForIssuance: fc.constant(false),
      set: fc.record(
        {
          scope: fc.record({ all: fc.constant(true), services: fc.constant([]), groups: fc.constant([]) }),
          forThirdParties: fc.boolean(),
          establishments: fc.constantFrom(null, ['establishment-1']),
          nature: fc.record({ rightOfSubstitution: fc.boolean(), actsIndependently: fc.boolean() }),
          period: fc.record({ from: moment, validUntil: moment, capped: fc.boolean() }),
        },
        { requiredKeys: [] },
      ) as fc.Arbitrary<never>,
      outsideEstablishment: fc.boolean(),
      withdrawnServices: fc.constant([]),
      servicesWithoutChains: fc.constant([]),
      now: moment,
    }),
    // Nothing else happens while it is suspended: it comes less often.
    fc.oneof(
      record({ type: type('SuspendAuthorization'), ...suspensionOrder }),
      record({ type: type('LiftSuspension'), ...suspensionOrder }),
    ),
    fc
      .record({
        lastUsedAt: fc.option(moment),
        countsFrom: moment,
        noticeFrom: moment,
        isRevoked: fc.boolean(),
        isTold: fc.boolean(),
        isErased: fc.boolean(),
        newcomer: fc.option(fc.constantFrom('a1', 'a2')),
        now: moment,
      })
      .map(({ lastUsedAt, countsFrom, noticeFrom, isRevoked, isTold, isErased, newcomer, now }) => ({
        ...{ type: 'ReviewNonUse' as const, lastUsedAt, recordsUpTo: '7', now },
        // What is noticed now is revoked later.
        periods: isRevoked ? { countsFrom, noticeFrom, revokesAt: later(now, 3_600_000) } : null,
        addressees: [
          ADDRESSEE,
          ...(newcomer === null
            ? []
            : [{ role: 'administrator' as const, kind: 'person' as const, id: newcomer as PersonId }]),
        ],
        erased: isErased ? [ADDRESSEE] : [],
        told: isTold ? [{ ...TOLD, sentAt: now, runsOutAt: now }] : [],
      })),
    record({ type: type('RevokeAuthorization'), revocationRequest: id('revoke'), now: moment }),
  ),
  'revocation request': aggregate(
    revocationRequestDecider,
    record({
      ...{ type: type('RequestRevocation'), ...revocationRequest, judgement: revocationJudgement, now: moment },
      mutation: fc.constantFrom('revocation', 'suspension'),
    }),
    record({
      type: type('ReceiveRevocation'),
      mutation: fc.constantFrom('revocation', 'suspension'),
      ...revocationRequest,
      dueAt: fc.option(moment) as fc.Arbitrary<Instant | null>,
      now: moment,
    }),
    record({
      type: type('DecideRevocation'),
      checks,
      rows: fc.constant({ IO: ['IO3-d'] }),
      evidence: fc.constant([]) as fc.Arbitrary<never>,
      level,
      identification: fc.constant({ ioScore: 3 } as never),
      judgement: revocationJudgement,
      now: moment,
    }),
    record({
      ...{ type: type('MoveDeadline'), level, now: moment },
      dueAt: fc.option(moment) as fc.Arbitrary<Instant | null>,
    }),
    record({ type: type('EffectRevocation'), effectedAt: moment, alreadyRevoked: fc.boolean() }),
    record({
      ...{ type: type('EffectSuspension'), effectedAt: moment },
      ...{ alreadySuspended: fc.boolean(), alreadyRevoked: fc.boolean() },
    }),
    record({
      ...{ type: type('ExtendRevocation'), now: moment },
      lines: fc.constant([{ object: { means: uuid('means', 3) }, accepted: true, dueAt: null } as never]),
    }),
    record({
      ...{ type: type('JudgeRevocationInPart'), judgedAt: moment },
      lines: fc.constant([{ object: { means: uuid('means', 4) }, accepted: true, dueAt: null } as never]),
    }),
    record({
      type: type('EffectRevocationInPart'),
      lines: fc.constant([
        { object: { means: uuid('means', 3) }, effectedAt: '2026-03-02T12:00:00.000Z', alreadyRevoked: false } as never,
      ]),
    }),
    record({ type: type('WithdrawRevocation'), now: moment }),
  ),
  'webhook subscription': aggregate(
    seeingDeliveries(webhookSubscriptionDecider),
    record({
      type: type('Subscribe'),
      subscription: id('hook'),
      address: fc.constant('https://receiver.example'),
      eventTypes: webhookTypes,
      secret: fc.constant('whsec_1'),
      others: fc.nat(9),
      now: moment,
    }),
    record({ type: type('ChangeSubscription'), eventTypes: webhookTypes, now: moment }),
    record({
      type: type('RotateSecret'),
      secret: fc.constant('whsec_2'),
      version: fc.integer({ min: 1, max: 9 }),
      earlierUntil: moment,
      now: moment,
    }),
    record({ type: type('DisableSubscription'), version: fc.nat(2), now: moment }),
    record({ type: type('ResumeSubscription'), now: moment }),
    record({ type: type('RetryDelivery'), event: id('event'), delivery: parkedDelivery, now: moment }),
    record({ type: type('DropDelivery'), event: id('event'), delivery: parkedDelivery, now: moment }),
    record({ type: type('EndSubscription'), now: moment }),
  ),
  confirmation: aggregate(
    confirmationDecider,
    record({
      type: type('WriteConfirmation'),
      confirmation: id('conf'),
      kind: fc.constantFrom('authorizationRegistered' as const, 'nonUse' as const),
      about: fc.constant({ authorization: 'a' } as never),
      event: id('event'),
      addressee: fc.constant({ role: 'submitter', kind: 'person', id: 'p' } as never),
      channel: fc.constantFrom('email' as const, 'webhook' as const, 'none' as const),
      address: fc.constant('somebody@example.org'),
      language: fc.constantFrom('nl' as const, 'en' as const),
      subject: fc.constant('s'),
      text: fc.constant('t'),
      contentHash: fc.constant('0'),
      authorized: fc.constant({ kind: 'person', id: 'p' } as never),
      effective: record({ revokesAt: moment }),
      now: moment,
    }),
    record({
      type: type('TellByLetter'),
      on: fc.constantFrom('2026-01-01' as CalendarDate, '2026-03-01' as CalendarDate),
      day: record({ begins: moment, ends: moment }),
      evidence: fc.constant('e'),
      lateEntryReason: fc.constant('r'),
      noticeDays: fc.constant(28),
      now: moment,
    }),
    record({
      type: type('RetryConfirmation'),
      by: fc.constantFrom({ address: 'other@example.org' }, { noChannel: 'noAddress' as const }),
      now: moment,
    }),
    record({
      type: type('NoteFailed'),
      channel: fc.constantFrom('email' as const, 'webhook' as const),
      reason: fc.constant('notTaken' as const),
      attempts: fc.nat(9),
      now: moment,
    }),
    record({ type: type('NoteNotReached'), sending: fc.integer({ min: 1, max: 3 }), now: moment }),
    record({ type: type('LapseConfirmation'), since: moment, now: moment }),
    record({
      type: type('NoteSent'),
      channel: fc.constantFrom('email' as const, 'webhook' as const),
      attempts: fc.nat(9),
      now: moment,
    }),
  ),
  evidence: aggregate(
    evidenceDecider,
    record({
      type: type('UploadEvidence'),
      evidence: id('evid'),
      application: id('appl'),
      mediaType: fc.constant('image/png' as const),
      size: fc.nat(9),
      digest: fc.constant('d'),
      address: fc.constant('a'),
      quarantine: fc.constant(28 * 24 * 3_600_000),
      now: moment,
    }),
    record({
      type: type('DescribeEvidence'),
      description: fc.constantFrom(
        { kind: 'form' },
        ...(['full', 'photoVisible', 'none'] as const).map((shielding) => ({
          ...{ kind: 'idCopy', role: 'registration', person: uuid('person'), document: uuid('doc'), shielding },
          masked: MASKED_PARTS.slice(shielding === 'full' ? 0 : 1, shielding === 'none' ? 2 : 4),
        })),
      ) as fc.Arbitrary<never>,
      necessity: optional(fc.constant('n')) as fc.Arbitrary<string>,
      decision: optional(copyDecision) as fc.Arbitrary<never>,
      now: moment,
    }),
    record({
      type: type('SettleCopy'),
      copy: record({
        role: fc.constantFrom('registration' as const, 'issuance' as const),
        person: id('person'),
        document: id('doc'),
      }),
      decision: copyDecision,
      decidedAt: moment,
      now: moment,
    }),
    record({ type: type('SettleByLevel'), decision: copyDecision, decidedAt: moment, now: moment }),
    record({
      type: type('WithdrawEvidence'),
      reason: fc.constant('r'),
      mistake: optional(fc.constantFrom('kind' as const, 'shielding' as const)) as fc.Arbitrary<'kind'>,
      isHeld: fc.boolean(),
      now: moment,
    }),
    record({ type: type('KeepAsUsed'), now: moment }),
    record({ type: type('EndQuarantine'), now: fc.constantFrom(start, later(start, 60 * 24 * 3_600_000)) }),
    record({ type: type('EndRetention'), now: moment }),
  ),
  'legal hold': aggregate(
    legalHoldDecider,
    record({
      type: type('SetLegalHold'),
      legalHold: id('hold'),
      on: fc.constant({ kind: 'person', id: uuid('person') } as never),
      reason: fc.string(),
      now: moment,
    }),
    record({ type: type('LiftLegalHold'), reason: fc.string(), now: moment }),
    record({ type: type('LapseLegalHold'), now: moment }),
  ),
  'policy simulation': aggregate(
    policySimulationDecider,
    record({
      type: type('RequestPolicySimulation'),
      policySimulation: id('simulation'),
      proposal: fc.constant({ ruleSet: 'eh-1.5.1' as const }),
      moments: fc.constant([start]) as fc.Arbitrary<readonly Instant[]>,
      reason: fc.string(),
      now: moment,
      shownUntil: moment,
    }),
    record({ type: type('CancelPolicySimulation'), reason: fc.string(), now: moment }),
    record({ type: type('CompletePolicySimulation'), result: fc.constant({}) as fc.Arbitrary<never>, now: moment }),
    record({ type: type('GiveUpPolicySimulation'), failure: type('interrupted'), now: moment }),
  ),
  'rights request': aggregate(
    rightsRequestDecider,
    record({
      type: type('ReceiveRightsRequest'),
      rightsRequest: id('right'),
      asks: fc.constant('erasure' as const),
      about: fc.constant({ person: uuid('person') } as never),
      records: fc.constant([uuid('person')] as never),
      person: id('person'),
      role: optional(fc.constantFrom('holder' as const, 'administrator' as const)) as fc.Arbitrary<'holder'>,
      application: id('appl'),
      login: id('check'),
      level,
      registeredAt: fc.constantFrom('EH1', 'EH3') as fc.Arbitrary<never>,
      receivedAt: moment,
    }),
    record({ type: type('ProlongRightsRequest'), reason: fc.string(), now: moment }),
    record({ type: type('GrantRightsRequest'), data: fc.constant([]) as fc.Arbitrary<never>, now: moment }),
    record({
      type: type('RefuseRightsRequest'),
      ground: fc.constantFrom('unfounded', 'excessive') as fc.Arbitrary<never>,
      reason: fc.string(),
      now: moment,
    }),
    record({ type: type('HoldErasure'), legalHold: id('hold') as fc.Arbitrary<never>, now: moment }),
    record({ type: type('BeginErasure'), now: moment }),
    record({ type: type('FulfillRightsRequest'), contacts: fc.nat(3), now: moment }),
  ),
  destruction: aggregate(
    destructionDecider,
    record({
      ...{ type: type('IntendDestruction'), destruction: id('destr') },
      attempt: fc.constantFrom(1, 2, 3),
      objects: fc.constant(3),
    }),
    record({
      type: type('AbandonDestruction'),
      attempt: optional(fc.constantFrom(1, 2)) as fc.Arbitrary<1>,
      ground: fc.constantFrom('legalHold' as const, 'kept' as const),
    }),
    record({ type: type('CompleteDestruction') }),
    record({
      type: type('RecordDestruction'),
      attempt: optional(fc.constantFrom(1, 2)) as fc.Arbitrary<1>,
      destruction: id('destr'),
      reason: fc.constant('retentionOver' as const),
      retentionYears: fc.constant(7),
      objects: fc.constant([]) as fc.Arbitrary<never>,
      indexes: fc.constant([{ first: 1, last: 2 }]),
      files: fc.constant([]) as fc.Arbitrary<never>,
      destroyedAt: moment,
    }),
  ),
  installation: aggregate(
    installationDecider,
    record({
      type: type('InitializeStore'),
      store: id('store'),
      oin: fc.constantFrom('1', '2'),
      now: moment,
    }),
    record({
      type: type('InitializeStore'),
      store: id('store'),
      oin: fc.constant('1'),
      keyStore: id('keys'),
      now: moment,
    }),
    record({ type: type('BindKeyStore'), keyStore: id('keys'), now: moment }),
    record({
      type: type('AdoptRestoredLog'),
      indexes: fc.constant([{ first: 5, last: 8 }]),
      again: fc.constant([{ first: 9, last: 11 }]),
      reason: fc.string(),
      now: moment,
    }),
    record({ type: type('NameLog'), origin: fc.constantFrom('one/log', 'other/log'), now: moment }),
    record({
      type: type('MoveStore'),
      to: fc.constantFrom('postgres' as const, 'eventstoredb' as const),
      head: fc.constant('100'),
      now: moment,
    }),
    record({
      type: type('AdoptRestoredStore'),
      epoch: fc.integer({ min: 1, max: 5 }),
      oldMark: fc.constant('9'),
      newHead: fc.constant('5'),
      reason: fc.string(),
      now: moment,
    }),
  ),
};

const factsOf: Record<string, readonly string[]> = {
  application: ['ApplicationReceived'],
  check: ['CheckRecorded'],
  person: [
    'DocumentRecorded',
    'DuplicatesDispelled',
    'DuplicatesRecognized',
    'PersonContactRecorded',
    'PersonContactsErased',
    'PersonCorrected',
    'PersonDistinguished',
    'PersonLinked',
    'PersonRegistered',
  ],
  party: [
    'PartyContactRecorded',
    'PartyContactsErased',
    'PartyCorrected',
    'PartyRegistered',
    'SpecialCircumstancesCleared',
    'SpecialCircumstancesReported',
  ],
  means: [
    'HolderIdentified',
    'MeansActivated',
    'MeansApplied',
    'MeansCertificateRevoked',
    'MeansIssued',
    'MeansRenewed',
    'MeansRevoked',
    'MeansSuspended',
    'MeansSuspensionLifted',
    'MeansUpgraded',
  ],
  authorization: [
    'AuthorizationActivated',
    'AuthorizationChanged',
    'AuthorizationNonUseNoticeExtended',
    'AuthorizationNonUseNoticeWithdrawn',
    'AuthorizationNonUseNoticed',
    'AuthorizationRegistered',
    'AuthorizationRenewed',
    'AuthorizationRevoked',
    'AuthorizationSuspended',
    'AuthorizationSuspensionLifted',
    'DisplayPermissionStated',
  ],
  'revocation request': [
    'RevocationAccepted',
    'RevocationDeadlineMoved',
    'RevocationEffected',
    'RevocationExtended',
    'RevocationLinesEffected',
    'RevocationLinesJudged',
    'RevocationRefused',
    'RevocationRequested',
    'RevocationWithdrawn',
    'SuspensionAccepted',
    'SuspensionEffected',
    'SuspensionRefused',
    'SuspensionRequestWithdrawn',
    'SuspensionRequested',
  ],
  confirmation: [
    'ConfirmationFailed',
    'ConfirmationLapsed',
    'ConfirmationRetried',
    'ConfirmationSent',
    'ConfirmationWritten',
  ],
  'webhook subscription': [
    'WebhookDeliveryDropped',
    'WebhookDeliveryRetried',
    'WebhookSecretRotated',
    'WebhookSubscribed',
    'WebhookSubscriptionChanged',
    'WebhookSubscriptionDisabled',
    'WebhookSubscriptionEnded',
    'WebhookSubscriptionResumed',
  ],
  'legal hold': ['LegalHoldLapsed', 'LegalHoldLifted', 'LegalHoldPlaced'],
  'policy simulation': [
    'PolicySimulationAbandoned',
    'PolicySimulationCancelled',
    'PolicySimulationCompleted',
    'PolicySimulationRequested',
  ],
  'rights request': [
    'ErasureBegun',
    'ErasureHeld',
    'RightsRequestDecided',
    'RightsRequestFulfilled',
    'RightsRequestProlonged',
    'RightsRequestReceived',
  ],
  destruction: ['DestructionAbandoned', 'DestructionCompleted', 'DestructionIntended', 'RecordsDestroyed'],
  evidence: ['EvidenceDescribed', 'EvidenceDestroyed', 'EvidenceKept', 'EvidenceUploaded', 'EvidenceWithdrawn'],
  installation: ['KeyStoreBound', 'LogNamed', 'LogRestored', 'StoreInitialized', 'StoreMoved', 'StoreRestored'],
};

/** The same commands in every run: that each fact occurs among them must not be chance. */
const SEED = 1;

describe.each(Object.entries(aggregates))('every history of the %s', (name, { decider, commands }) => {
  it('has one fact for a command, however often it comes', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 25, size: 'max' }), (given) => {
        // A party that is registered again with the same request is found to be the same by that request's hash.
        const same = given.map((command) => ({ ...command, sameAsRecorded: true }));
        for (const { events } of playTwice(decider, same).accepted) events.forEach((event) => seen.add(event.type));
      }),
      // Enough for the rarest facts, a renewal or a means that goes all its way, to occur for certain.
      { numRuns: 6_000, seed: SEED },
    );
    // Otherwise the property would hold because nothing ever happened.
    expect([...seen].sort()).toStrictEqual(factsOf[name]);
  });

  it('can be folded, from any point in any order: evolve takes every fact in every state', () => {
    let folded = 0;
    fc.assert(
      fc.property(
        fc.array(commands, { maxLength: 25, size: 'max' }),
        fc.array(fc.nat(24), { maxLength: 12, size: 'max' }),
        (given, picks) => {
          const { history } = playTwice(decider, given);
          const facts = picks.flatMap((index) => history[index] ?? []);
          // Out of order, twice, without a beginning: nobody writes that, and no reader may fall over it.
          for (const order of [history, facts, [...history, ...history]]) {
            expect(() => foldOf(decider, order)).not.toThrow();
            folded += order.length;
          }
        },
      ),
      { numRuns: 150, seed: SEED },
    );
    expect(folded).toBeGreaterThan(0);
  });

  it('gives the same state from the same facts, and the same decision on it', () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 15 }), commands, (given, next) => {
        const { history, state } = playTwice(decider, given);
        const again = foldOf(decider, history);
        expect(JSON.stringify(again)).toBe(JSON.stringify(state));
        expect(JSON.stringify(decider.decide(next, again))).toBe(JSON.stringify(decider.decide(next, state)));
      }),
      { numRuns: 100 },
    );
  });
});
