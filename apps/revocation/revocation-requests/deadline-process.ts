import { streamId, type DomainEvent, type Recorded, type RevocationRequestId } from '#libs/kernel';
import { StoreUnavailable, type Condition, type ProcessManager } from '#libs/eventing';
import { allRows, findApplication, findAuthorization, findMeans, recordsOf, type Backbone } from '#libs/application';
import {
  revocationRequestDecider,
  type PersonEvent,
  type RegisteredAuthorization,
  type RevocationRequestEvent,
} from '#libs/domain';
import { findObject } from './decide-revocation.handler.js';
import { onReceipt, type AskedRequest } from './request-revocation.handler.js';
import { revocationRequestsProjection, type RevocationRequestRow } from './revocation-requests.projection.js';

/** Client name under which the steps of the process are recorded. */
export const DEADLINE_PROCESS = 'revocation-deadline-process';

/**
 * The deadline of a request follows the level of its object until it is carried out (REV-04, ADR 135). A request that was judged by the
 * level of a moment ago is looked at again when its own receipt is met here, so that neither order of the two is missed.
 */
export const deadlineProcess = (backbone: Backbone): ProcessManager => ({
  name: DEADLINE_PROCESS,
  handles: [
    ...[
      'RevocationRequested',
      'SuspensionRequested',
      'AuthorizationRegistered',
      'AuthorizationRenewed',
      'AuthorizationChanged',
    ],
    ...['MeansIssued', 'MeansUpgraded', 'MeansRenewed', 'MeansCertificateRevoked', 'PersonLinked'],
  ],
  // The deadline itself is for a day or more; after a restart behind a long log it catches up.
  mayLag: true,
  async react(event, traceparent) {
    for (const id of await waitingFor(backbone, event)) await moveDeadline(backbone, id, event, traceparent);
  },
});

type PersonLinked = Extract<PersonEvent, { readonly type: 'PersonLinked' }>;

/** Requests whose deadline may be another one by what was recorded. */
async function waitingFor(backbone: Backbone, event: Recorded<DomainEvent>): Promise<readonly string[]> {
  const data = event.data as Readonly<Record<string, unknown>>;
  if (event.type === 'RevocationRequested' || event.type === 'SuspensionRequested') {
    const { revocationRequest, ...requested } = data as unknown as Extract<
      RevocationRequestEvent,
      { type: 'RevocationRequested' }
    >['data'];
    return 'dueAt' in requested ? [revocationRequest] : [];
  }
  const { authorization, means } = data as { readonly authorization?: string; readonly means?: string };
  const waits = async (...where: readonly Condition[]): Promise<readonly RevocationRequestRow[]> => {
    // Requests that came in later meet this event when their own receipt is looked at.
    if (!(await backbone.readModels.waitFor(revocationRequestsProjection as never, event.position)))
      throw new StoreUnavailable('the list of revocation requests lies behind');
    const open = { column: 'status', is: 'one-of', values: ['received', 'accepted'] } as const;
    return allRows<RevocationRequestRow>(backbone.readModels.store, revocationRequestsProjection, [...where, open]);
  };
  // Two records that were found to be one human: whoever leaves under either has what stands on both.
  if (event.type === 'PersonLinked') {
    const records = await recordsOf(backbone, (event.data as unknown as PersonLinked['data']).person);
    const leaving = await waits({ column: 'person', is: 'one-of', values: records });
    return leaving.map(({ id }) => id);
  }
  const named =
    event.type === 'AuthorizationRegistered'
      ? []
      : await waits(
          authorization === undefined
            ? { column: 'means', is: 'equal', value: means }
            : { column: 'authorization', is: 'equal', value: authorization },
        );
  const of = await concerned(backbone, event, { authorization, means });
  const leavers = of === undefined ? [] : await waits({ column: 'party', is: 'equal', value: of.party });
  const records = leavers.length === 0 ? [] : await recordsOf(backbone, of!.person);
  return [...named, ...leavers.filter(({ person }) => records.includes(person ?? ''))].map(({ id }) => id);
}

/** Whose object it is at which party: what a request about somebody who leaves is about. */
async function concerned(
  backbone: Backbone,
  event: Recorded<DomainEvent>,
  { authorization, means }: { readonly authorization: string | undefined; readonly means: string | undefined },
): Promise<{ readonly person: string; readonly party: string } | undefined> {
  if (means !== undefined && authorization === undefined) {
    const result = await findMeans(backbone, means, '');
    if ('fault' in result || result.found.party === undefined) return undefined;
    return { person: result.found.holder, party: result.found.party };
  }
  const registered =
    event.type === 'AuthorizationRegistered'
      ? (event.data as Pick<RegisteredAuthorization, 'authorizedParty' | 'representedParty'>)
      : await findAuthorization(backbone, authorization!, '').then((result) =>
          'fault' in result ? undefined : result.found,
        );
  if (registered === undefined || !('person' in registered.authorizedParty)) return undefined;
  return { person: registered.authorizedParty.person, party: registered.representedParty };
}

async function moveDeadline(
  backbone: Backbone,
  id: string,
  cause: Recorded<DomainEvent>,
  traceparent: string | undefined,
): Promise<void> {
  const stream = streamId('revocationRequest', id as RevocationRequestId);
  const { state } = await backbone.commands.load(revocationRequestDecider, stream);
  // Until it is carried out; of a leaver that is decided each line goes by what its object was when it ended.
  if (state.status !== 'received' && (state.status !== 'accepted' || state.lines !== undefined)) return;
  const [application, object] = [
    await findApplication(backbone, state.application, ''),
    await findObject(backbone, state.object),
  ];
  // Nothing that a request on record names goes away.
  if ('fault' in application || 'fault' in object) return;
  const now = backbone.now();
  const { requester, mutation = 'revocation' } = state;
  const asked: AskedRequest = { application: application.found, object: object.found, requester, mutation };
  const waiting = await onReceipt(backbone, asked, now);
  // Most often nothing is other than it was: that needs no word on record.
  const moved = waiting && revocationRequestDecider.decide({ type: 'MoveDeadline', ...waiting, now }, state);
  if (moved?.outcome !== 'accepted' || moved.events.length === 0) return;
  const { id: eventId, correlationId } = cause.metadata;
  const outcome = await backbone.commands.execute(
    revocationRequestDecider,
    stream,
    () => ({ type: 'MoveDeadline', ...waiting!, now }),
    {
      participant: backbone.participant.oin,
      ...{ client: DEADLINE_PROCESS, actor: { system: DEADLINE_PROCESS } },
      ...{ key: eventId, requestHash: eventId, causationId: eventId, correlationId },
      ...(traceparent === undefined ? {} : { traceparent }),
    },
  );
  if (outcome.outcome === 'conflict') throw new StoreUnavailable(`revocation request ${id} keeps changing`);
}
