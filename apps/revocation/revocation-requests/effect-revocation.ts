import { streamId, type DomainEvent, type Instant, type RevocationRequestId } from '#libs/kernel';
import { StoreUnavailable, type CommandContext, type CommandOutcome } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import {
  authorizationDecider,
  isNotAmong,
  meansDecider,
  MOST_LINES,
  revocationRequestDecider,
  type Authorization,
  type Became,
  type EffectedLine,
  type EndedObject,
  type Means,
  type SuspensionGround,
  type SuspensionOrder,
  type RevocationRequest,
} from '#libs/domain';
import { certificateLegOf } from './certificate-leg.js';
import { extendLeaver } from './extend-leaver.js';
import { deadlineOf, levelOf, type AskedObject } from './judge-revocation.js';

/** Client name under which the steps of the process are recorded. */
export const PROCESS = 'revocation-process';

const ACCEPTANCES: ReadonlySet<string> = new Set(['RevocationAccepted', 'SuspensionAccepted']);

type EndedType = 'AuthorizationRevoked' | 'MeansRevoked' | 'AuthorizationSuspended' | 'MeansSuspended';

export interface EffectedRevocation {
  readonly request: Exclude<RevocationRequest, { status: 'none' }>;
  /** Revision and position of the request's own stream after it was effected. */
  readonly revision: number;
  readonly position: bigint;
  /** Positions from which everything is revoked or suspended, and by which events: what every decision has to have seen. */
  readonly ended: readonly { readonly type: EndedType; readonly position: bigint }[];
}

/**
 * Carries out an accepted revocation: first on the object's own stream, then on the request's. Both steps are idempotent
 * (their key is the id of the event that accepted it), so that the request's handler and the process manager may both
 * do it, in any order, any number of times.
 */
export async function effectRevocation(
  backbone: Backbone,
  id: RevocationRequestId,
  cause: { readonly correlationId: string; readonly traceparent?: string | undefined },
): Promise<EffectedRevocation> {
  const stream = streamId('revocationRequest', id);
  const { state, history } = await backbone.commands.load(revocationRequestDecider, stream);
  if (state.status === 'none') throw new RevocationStuck(`revocation request ${id} does not exist`);
  const acceptance = history.find(({ type }) => ACCEPTANCES.has(type));
  if (acceptance === undefined) {
    throw new RevocationStuck(`revocation ${id} could not be carried out: rejected (revocation-not-accepted)`);
  }
  const eventId = acceptance.metadata.id;

  const context: CommandContext = {
    participant: backbone.participant.oin,
    client: PROCESS,
    key: eventId,
    requestHash: eventId,
    actor: { system: PROCESS },
    correlationId: cause.correlationId,
    causationId: eventId,
    ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
  };
  if (state.mutation === 'suspension') return effectSuspension(backbone, state, context);
  const revoked: Revoked[] = [];
  let stuck: RevocationStuck | undefined;
  const revoke = async (those: readonly EndedObject[]): Promise<void> => {
    for (const object of those) {
      try {
        revoked.push({ object, ...(await revokeObject(backbone, object, { id, arrival: state }, context)) });
      } catch (error) {
        // One that can't be carried out holds up no other of the same leaver.
        if (!(error instanceof RevocationStuck)) throw error;
        stuck ??= error;
      }
    }
  };
  const extended = async (request: typeof state): Promise<typeof state | undefined> =>
    request.status === 'accepted' && 'person' in request.object ? extendLeaver(backbone, request, context) : undefined;
  // While what he has is ended he may be given more: until nothing is new. What it is judged by may be among it, so that it
  // is looked for first.
  let request = (await extended(state)) ?? state;
  for (let done = 0, more: typeof state | undefined = request; more !== undefined; more = await extended(request)) {
    request = more;
    const all = objectsOf(request) ?? [];
    await revoke(all.slice(done));
    done = all.length;
  }
  if (stuck !== undefined) throw stuck;
  if ('person' in state.object) await recordInParts(backbone, request, revoked, context);
  const effected = await backbone.commands.execute(
    revocationRequestDecider,
    stream,
    () => {
      // When it ended, whichever request ended it, and where this one is finished later: by then nothing was left to be done.
      const [only] = 'person' in state.object ? [] : revoked;
      const lines = revoked.map(lineOf);
      return {
        ...{ type: 'EffectRevocation', effectedAt: only?.at ?? backbone.now() },
        alreadyRevoked: revoked.every((one) => one.alreadyRevoked),
        ...(only?.became === undefined ? {} : { became: only.became }),
        ...('person' in state.object ? { lines } : {}),
        certificates: revoked.flatMap(({ object, leavesCertificate }) =>
          leavesCertificate && 'means' in object ? [object.means] : [],
        ),
      };
    },
    context,
  );
  if (effected.outcome !== 'accepted' || effected.state.status === 'none') throw cannot(id, effected);
  return {
    request: effected.state,
    revision: effected.revision,
    position: effected.position,
    ended: endedBy(revoked),
  };
}

const lineOf = ({ object, alreadyRevoked, at, became }: Revoked): Omit<EffectedLine, 'breached'> => ({
  ...{ object, alreadyRevoked, effectedAt: at },
  ...(became === undefined ? {} : { became }),
});

/** What somebody had who leaves may be more than one fact holds: all but the last of it is on record before. */
async function recordInParts(
  backbone: Backbone,
  request: Exclude<RevocationRequest, { status: 'none' }>,
  revoked: readonly Revoked[],
  context: CommandContext,
): Promise<void> {
  let state: RevocationRequest = request;
  while (state.status === 'accepted') {
    const known: readonly EffectedLine[] = state.effectedLines ?? [];
    const rest = revoked.filter(isNotAmong(known));
    if (rest.length <= MOST_LINES) return;
    const recorded: CommandOutcome<RevocationRequest, DomainEvent> = await backbone.commands.execute(
      revocationRequestDecider,
      streamId('revocationRequest', request.revocationRequest),
      () => ({ type: 'EffectRevocationInPart', lines: rest.slice(0, MOST_LINES).map(lineOf) }),
      // Each time on from the lines that were there: whoever comes first records them, for all who carry it out.
      { ...context, key: `${context.key}/effected/${known.length}` },
    );
    if (recorded.outcome !== 'accepted') throw cannot(request.revocationRequest, recorded);
    state = recorded.state;
  }
}

/** Carries out an accepted suspension, likewise: the object is suspended by a fact of its own, then the request is effected. */
async function effectSuspension(
  backbone: Backbone,
  state: Exclude<RevocationRequest, { status: 'none' }>,
  context: CommandContext,
): Promise<EffectedRevocation> {
  const { revocationRequest: id, object } = state;
  if ((state.status !== 'accepted' && state.status !== 'effected') || 'person' in object) {
    throw new RevocationStuck(`suspension ${id} could not be carried out: rejected (revocation-not-accepted)`);
  }
  const ground = groundOf(state);
  let found: Authorization | Means | undefined;
  const orderOn = (before: Authorization | Means): SuspensionOrder => {
    found = before;
    return { ground, revocationRequest: id, refusals: [], now: backbone.now() };
  };
  const outcome =
    'authorization' in object
      ? await backbone.commands.execute(
          authorizationDecider,
          streamId('authorization', object.authorization),
          (before) => ({ type: 'SuspendAuthorization', ...orderOn(before) }),
          context,
        )
      : await backbone.commands.execute(
          meansDecider,
          streamId('means', object.means),
          (before) => ({ type: 'SuspendMeans', ...orderOn(before) }),
          context,
        );
  // Somebody else suspended or ended it since it was judged: nothing is left to be done.
  const codes = outcome.outcome === 'rejected' ? outcome.rejections.map(({ code }) => code) : [];
  const alreadySuspended = codes.includes('already-suspended');
  const alreadyRevoked = codes.includes('no-such-registration') || codes.includes('means-revoked');
  if (outcome.outcome !== 'accepted' && !alreadySuspended && !alreadyRevoked) throw cannot(id, outcome);
  const suspended = outcome.outcome === 'accepted' ? outcome : undefined;
  const fact = suspended?.events[0];
  const effectedAt =
    fact !== undefined && 'suspendedAt' in fact.data
      ? fact.data.suspendedAt
      : (unusableSince(found, ground.by) ?? backbone.now());
  const became = suspended && becameOf(backbone, state, asked(object, suspended.state));
  const effected = await backbone.commands.execute(
    revocationRequestDecider,
    streamId('revocationRequest', id),
    () => ({
      ...{ type: 'EffectSuspension', effectedAt, alreadySuspended, alreadyRevoked },
      ...(became === undefined ? {} : { became }),
    }),
    context,
  );
  if (effected.outcome !== 'accepted' || effected.state.status === 'none') throw cannot(id, effected);
  const type = 'authorization' in object ? 'AuthorizationSuspended' : 'MeansSuspended';
  return {
    request: effected.state,
    revision: effected.revision,
    position: effected.position,
    ended: suspended === undefined ? [] : [{ type, position: suspended.position }],
  };
}

/** Since when nothing is left to suspend: another request had suspended or ended it, or it has expired. */
function unusableSince(object: Authorization | Means | undefined, by: SuspensionGround['by']): Instant | undefined {
  if (object?.status === 'revoked') return object.revokedAt;
  if (object?.status === 'suspended') {
    const standing = object.suspensions.find((one) => one.by === by);
    if (standing !== undefined) return standing.suspendedAt;
  }
  return object !== undefined && 'validUntil' in object ? object.validUntil : undefined;
}

/** What showed that he may, as it stood when it was accepted; its deadline is that of the request. */
function groundOf(request: Extract<RevocationRequest, { readonly status: 'accepted' | 'effected' }>): SuspensionGround {
  const { application, channel, receivedAt, requester, checks, level, identification, immediate, dueAt } = request;
  return {
    by: requester.role === 'court' ? 'court' : 'party',
    ...{ application, channel, receivedAt, requester, checks, level, identification, immediate, dueAt },
    rows: request.rows ?? { IO: [] },
    evidence: request.evidence ?? [],
  };
}

interface Revoked {
  readonly object: EndedObject;
  readonly position: bigint;
  readonly at: Instant;
  readonly alreadyRevoked: boolean;
  /** What it was when it ended; absent where another request had ended it: nothing was left to be done by any time. */
  readonly became?: Became;
  /** It ended by this request, and its certificate has to be revoked where it was issued. */
  readonly leavesCertificate: boolean;
}

/** Its level, and the deadline of that level from the receipt on (REV-04). */
const becameOf = (backbone: Backbone, application: Arrival, object: AskedObject): Became => ({
  level: levelOf(object),
  dueAt: deadlineOf(backbone, { application, object }),
});

const asked = (object: EndedObject, state: Authorization | Means): AskedObject =>
  ('means' in object
    ? { kind: 'means', means: state }
    : { kind: 'authorization', authorization: state }) as AskedObject;

/** When it came in, and how: what its request says of that. */
type Arrival = Pick<Exclude<RevocationRequest, { status: 'none' }>, 'channel' | 'receivedAt'>;

/** What is to be revoked; `undefined` of a request that was not accepted. */
function objectsOf(state: Exclude<RevocationRequest, { status: 'none' }>): readonly EndedObject[] | undefined {
  if (state.status !== 'accepted' && state.status !== 'effected') return undefined;
  if (!('person' in state.object)) return [state.object];
  return (state.lines ?? []).filter(({ accepted }) => accepted).map(({ object }) => object);
}

/** For each type of event that ended something, the latest place of one. */
function endedBy(revoked: readonly Revoked[]): EffectedRevocation['ended'] {
  const latest = new Map<EndedType, bigint>();
  for (const { object, position } of revoked) {
    const type = 'means' in object ? 'MeansRevoked' : 'AuthorizationRevoked';
    const before = latest.get(type);
    if (before === undefined || before < position) latest.set(type, position);
  }
  return [...latest].map(([type, position]) => ({ type, position }));
}

async function revokeObject(
  backbone: Backbone,
  object: EndedObject,
  { id: revocationRequest, arrival }: { readonly id: RevocationRequestId; readonly arrival: Arrival },
  context: CommandContext,
): Promise<Omit<Revoked, 'object'>> {
  const command = () => ({ revocationRequest, now: backbone.now() });
  const outcome =
    'authorization' in object
      ? await backbone.commands.execute(
          authorizationDecider,
          streamId('authorization', object.authorization),
          () => ({ type: 'RevokeAuthorization', ...command() }),
          context,
        )
      : await backbone.commands.execute(
          meansDecider,
          streamId('means', object.means),
          () => ({ type: 'RevokeMeans', ...command(), leg: certificateLegOf(backbone, arrival) }),
          context,
        );
  if (outcome.outcome !== 'accepted') throw cannot(revocationRequest, outcome);
  // No events means that another request came first.
  const { state, position, events } = outcome;
  if (state.status !== 'revoked')
    throw new RevocationStuck(`revocation ${revocationRequest} left its object as it was`);
  if (events.length === 0) return { position, at: state.revokedAt, alreadyRevoked: true, leavesCertificate: false };
  const became = becameOf(backbone, arrival, asked(object, state));
  const leavesCertificate = 'leg' in state && state.leg !== undefined;
  return { position, at: state.revokedAt, alreadyRevoked: false, became, leavesCertificate };
}

/** An accepted revocation that can't be carried out, however often it is tried: a person has to look at it. */
export class RevocationStuck extends Error {
  override readonly name = 'RevocationStuck';
}

function cannot<State, Event extends DomainEvent>(id: string, outcome: CommandOutcome<State, Event>): Error {
  const codes = outcome.outcome === 'rejected' ? ` (${outcome.rejections.map(({ code }) => code).join(', ')})` : '';
  const message = `revocation ${id} could not be carried out: ${outcome.outcome}${codes}`;
  // Others kept writing to the stream: the next attempt goes on where this one stopped.
  return outcome.outcome === 'conflict' ? new StoreUnavailable(message) : new RevocationStuck(message);
}
