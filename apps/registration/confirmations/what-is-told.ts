import { streamId, type DomainEvent, type Instant, type Recorded, type StreamId } from '#libs/kernel';
import { administratorsToTell, type Backbone } from '#libs/application';
import {
  authorizationDecider,
  meansDecider,
  revocationRequestDecider,
  type Addressee,
  type AuthorizationEvent,
  type AuthorizationNonUseNoticed,
  type ConfirmationKind,
  type MeansUpgraded,
  type RegisteredAuthorization,
  type Suspended,
} from '#libs/domain';
import { endsNotice, overtakenSince } from './lapses.js';
import type { KnownMeans, Told } from './letters.js';
import { withinEntrusted, type AuthorizationFact } from './substitutions.js';

/** A message to be written: to whom, and what it tells beside the object itself. Kept as work: it names nobody but by id. */
export interface Telling {
  readonly kind: ConfirmationKind;
  readonly addressee: Addressee;
  readonly more: Omit<Told, 'authorization' | 'means'>;
}

/** The fact, and the object it happened to as it stood right after the command that recorded it. */
interface Fact<State> {
  readonly backbone: Backbone;
  /** Aborted: what is looked up for it is of no use any more. */
  readonly signal: AbortSignal;
  readonly event: Recorded<DomainEvent>;
  /** Right before that command. */
  readonly before: { readonly status: 'none' } | State;
  readonly state: State;
  readonly history: readonly Recorded<DomainEvent>[];
}
type OfAuthorization = Fact<RegisteredAuthorization>;
type OfMeans = Fact<KnownMeans>;

type TellsAuthorization = (fact: OfAuthorization) => Promise<readonly Telling[]>;
type TellsMeans = (fact: OfMeans) => Promise<readonly Telling[]>;

/**
 * Who is told what, by the type of the fact: another one is an entry here, with its words in `letters.ts`.
 */
const OF_AUTHORIZATIONS: Readonly<Record<string, TellsAuthorization>> = {
  AuthorizationRegistered: async (fact) =>
    about('authorizationRegistered', [submitterOf(fact.state), ...whoLetsPassOn(fact.state)]),
  // What was in force at once is told with the registration.
  AuthorizationActivated: async (fact) =>
    isOfRegistration(fact) ? [] : about('authorizationActivated', [submitterOf(fact.state)]),
  AuthorizationChanged: async (fact) =>
    about('authorizationChanged', [submitterOf(fact.state), ...whoLetsPassOn(fact.state)]),
  AuthorizationRenewed: async (fact) =>
    about('authorizationRenewed', [
      submitterOf(fact.state),
      ...(await administratorsToTell(fact.backbone, fact.state)),
    ]),
  AuthorizationRevoked: async (fact) =>
    about('authorizationRevoked', [await revokerOf(fact, organization(fact.state))]),
  AuthorizationSuspended: async (fact) =>
    about('authorizationSuspended', [requesterOf(fact.event, organization(fact.state))]),
  AuthorizationSuspensionLifted: async (fact) =>
    about('authorizationSuspensionLifted', [requesterOf(fact.event, organization(fact.state))]),
  // Whom it names is who the revocation waits for; of one that names nobody nothing follows.
  AuthorizationNonUseNoticed: async (fact) => ofNotice(fact),
  AuthorizationNonUseNoticeExtended: async (fact) => ofNotice(fact),
};

const OF_MEANS: Readonly<Record<string, TellsMeans>> = {
  MeansUpgraded: async (fact) => {
    const { previousStork, staysBelow, staysBelowMore } = fact.event.data as MeansUpgraded['data'];
    return about('meansUpgraded', [holder(fact)], { previousStork, staysBelow, staysBelowMore });
  },
  MeansRevoked: async (fact) => about('meansRevoked', [await revokerOf(fact, holder(fact))]),
  MeansSuspended: async (fact) => about('meansSuspended', [requesterOf(fact.event, holder(fact))]),
  MeansSuspensionLifted: async (fact) => about('meansSuspensionLifted', [requesterOf(fact.event, holder(fact))]),
};

/** Facts by which authority may be passed on, one that was renewed among them: it may be valid together with another now. */
const PASSING_ON: ReadonlySet<string> = new Set<AuthorizationEvent['type']>([
  'AuthorizationRegistered',
  'AuthorizationChanged',
  'AuthorizationRenewed',
]);

/** Categories of streams on which these facts stand. */
export const TOLD_STREAMS = ['authorization', 'means'] as const;

/**
 * Whether something is told of what was recorded at this moment, or not told any more by it: from `beginning` on; before then
 * only where something waits until somebody was told (NONUSE-03).
 */
export const isTold = (
  type: string,
  data: object,
  { time, beginning }: Record<'time' | 'beginning', Instant>,
): boolean =>
  (Object.hasOwn(OF_AUTHORIZATIONS, type) || Object.hasOwn(OF_MEANS, type) || endsNotice(type)) &&
  (time >= beginning || 'addressees' in data);

/**
 * Everything that is told of a fact. One addressee gets one message of a kind, whatever he is told as; of what was passed on
 * one for each of his authorizations.
 */
export async function tellingsOf(
  backbone: Backbone,
  stream: StreamId,
  revision: number,
  signal: AbortSignal,
): Promise<readonly Telling[]> {
  const onRecord = await factOf(backbone, stream, revision);
  if (onRecord === undefined) return [];
  const tells = isOfMeans(stream) ? OF_MEANS[onRecord.event.type] : OF_AUTHORIZATIONS[onRecord.event.type];
  const tellings = (await tells?.({ backbone, signal, ...onRecord } as never)) ?? [];
  const named = new Map<string, Telling>();
  for (const one of tellings) {
    const key = `${one.kind} ${one.addressee.kind} ${one.addressee.id} ${one.more.passedOn ?? ''}`;
    if (!named.has(key)) named.set(key, one);
  }
  return [...named.values()];
}

/** The fact, where authority may be passed on by it: what it passes on is looked for page by page (`pass-on.ts`). */
export async function passingOnFact(
  backbone: Backbone,
  stream: StreamId,
  revision: number,
  signal: AbortSignal,
): Promise<AuthorizationFact | undefined> {
  if (isOfMeans(stream)) return undefined;
  const onRecord = await factOf(backbone, stream, revision);
  return onRecord !== undefined && PASSING_ON.has(onRecord.event.type) ? { backbone, signal, ...onRecord } : undefined;
}

/** What one of them tells, object and all; `undefined`: nothing any more. */
export async function toldBy(
  backbone: Backbone,
  stream: StreamId,
  revision: number,
  { more }: Telling,
): Promise<Told | undefined> {
  const onRecord = await factOf(backbone, stream, revision);
  if (onRecord === undefined) return undefined;
  const { state, event } = onRecord;
  if (isOfMeans(stream)) return { ...more, means: state as unknown as KnownMeans };
  return withinEntrusted(backbone, { ...more, authorization: state }, event);
}

const isOfMeans = (stream: StreamId): boolean => stream.startsWith('means-');

type FactOnRecord = Omit<OfAuthorization, 'backbone' | 'signal'>;

/** `undefined` where it is told to nobody any more. */
async function factOf(backbone: Backbone, stream: StreamId, revision: number): Promise<FactOnRecord | undefined> {
  const decider = (isOfMeans(stream) ? meansDecider : authorizationDecider) as typeof authorizationDecider;
  const { history } = await backbone.commands.load(decider, stream);
  const event = history[revision];
  if (event === undefined) throw new Error(`${stream} has no event ${revision}`);
  let end = revision + 1;
  while (history[end] !== undefined && isOfTheSameCommand(history[end]!)) end += 1;
  // A notice that does not hold any more is told to nobody: what it says will not be done.
  if (overtakenSince(event, history.slice(revision + 1)) !== undefined) return undefined;
  const upTo = (length: number) =>
    history.slice(0, length).reduce((folded, each) => decider.evolve(folded, each as never), decider.initialState);
  const state = upTo(end);
  if (state.status === 'none') return undefined;
  return { event, before: upTo(revision), state, history: history.slice(0, end) };
}

/** What the notice says, to those whom this event names. */
function ofNotice({ event, state }: OfAuthorization): readonly Telling[] {
  const { addressees = [] } = event.data as AuthorizationNonUseNoticed['data'];
  const { lastUsedAt, revokesAt } = state.nonUse!;
  return about('nonUse', addressees, { lastUsedAt, revokesAt });
}

const about = (
  kind: ConfirmationKind,
  addressees: readonly Addressee[],
  more: Telling['more'] = {},
): readonly Telling[] => addressees.map((addressee) => ({ kind, addressee, more }));

const organization = ({ representedParty }: RegisteredAuthorization): Addressee => ({
  ...{ role: 'representedParty', kind: 'party', id: representedParty },
});
const holder = ({ state }: OfMeans): Addressee => ({ role: 'holder', kind: 'person', id: state.holder });

/** Score of IO from which on somebody is identified. */
const IDENTIFIED = 2;

/** Whoever submitted it; the organization at its own address where he is identified by nothing (AMB-64). */
const submitterOf = (state: RegisteredAuthorization): Addressee =>
  (state.scores.IO ?? 0) >= IDENTIFIED
    ? { role: 'submitter', kind: 'person', id: state.submitter.person }
    : organization(state);

/** The represented party, who has to know that his authority may be passed on (CHAIN-04). */
const whoLetsPassOn = (state: RegisteredAuthorization): readonly Addressee[] =>
  state.nature.rightOfSubstitution ? [organization(state)] : [];

type Asking = Pick<Suspended, 'requester' | 'identification'>;

/** Whoever asked, where he is identified; `otherwise` where a court or the operator did, or nobody that is known. */
function asking({ requester, identification }: Asking, otherwise: Addressee): Addressee {
  const { ioScore, authenticatedLevel, administrationLevel } = identification;
  const isIdentified = ioScore >= IDENTIFIED || authenticatedLevel !== undefined || administrationLevel !== undefined;
  return requester.person !== undefined && isIdentified
    ? { role: 'requester', kind: 'person', id: requester.person }
    : otherwise;
}

const requesterOf = ({ data }: Recorded<DomainEvent>, otherwise: Addressee): Addressee =>
  asking(data as Suspended, otherwise);

async function revokerOf({ backbone, event }: Fact<unknown>, otherwise: Addressee): Promise<Addressee> {
  const { revocationRequest } = event.data as { readonly revocationRequest?: string };
  // For non-use nobody asks (NONUSE-01).
  if (revocationRequest === undefined) return otherwise;
  const stream = streamId('revocationRequest', revocationRequest);
  const { state } = await backbone.commands.load(revocationRequestDecider, stream);
  return state.status === 'none' ? otherwise : asking(state, otherwise);
}

/** Whether it was recorded together with the registration. */
const isOfRegistration = ({ event, history }: OfAuthorization): boolean =>
  history.slice(1, history.indexOf(event) + 1).every(isOfTheSameCommand);

/** As the event before it: of what a command recorded the first alone has the hash of its request. */
const isOfTheSameCommand = ({ metadata }: Recorded<DomainEvent>): boolean => metadata.requestHash === undefined;

/** What a client of an intermediary is told of authority that was passed on (CHAIN-04). */
export const substitution = (representedParty: string, more: Telling['more']): Telling => ({
  ...{ kind: 'substitution', more },
  addressee: { role: 'representedParty', kind: 'party', id: representedParty } as Addressee,
});
