import { streamId, type AuthorizationId, type MeansId, type PersonId, type Rejection } from '#libs/kernel';
import type { CommandContext, CommandOutcome } from '#libs/eventing';
import {
  allFound,
  commandContext,
  findApplication,
  findPerson,
  loadChecks,
  turnaroundOf,
  type Backbone,
  type CommandRequest,
  type RefusedMutation,
} from '#libs/application';
import {
  authorizationDecider,
  judgePurpose,
  meansDecider,
  type Authorization,
  type AuthorizationEvent,
  type Means,
  type MeansEvent,
  type EndedObject,
  type ReceivedApplication,
  type SuspensionOrder,
} from '#libs/domain';
import { findAuthorizationOrMeans, referenceTo, type AskedObject } from '../revocation-requests/judge-revocation.js';
import { judgeReinstatement, judgeSuspension } from './judge-suspension.js';
import type { ReinstateRequest, SuspendRequest } from './suspension.requests.js';

/** An object, whichever it is, after the command. */
export type SuspensionOutcome = CommandOutcome<Authorization | Means, AuthorizationEvent | MeansEvent>;

/** With what was asked, for the record of a refusal: absent of what nobody asked for, or was not judged. */
export interface JudgedSuspension {
  readonly outcome: SuspensionOutcome;
  readonly mutation?: RefusedMutation;
}

const KINDS = {
  suspension: { command: 'Suspend', judge: judgeSuspension },
  reinstatement: { command: 'Reinstate', judge: judgeReinstatement },
} as const;

/** Suspends an authorization or a means, or lifts a suspension: one fact on the object's own stream (SUS-02, SUS-03). */
export async function changeSuspension(
  backbone: Backbone,
  request: CommandRequest,
  kind: keyof typeof KINDS,
  body: SuspendRequest | ReinstateRequest,
): Promise<JudgedSuspension> {
  const { command, judge } = KINDS[kind];
  const context = await commandContext(backbone, request, command, body, { scores: true });
  // Answered as it was the first time, or not at all: the body is not looked at beyond the object that it names.
  if (request.replayOnly === true)
    return { outcome: await execute(backbone, referenced(body.object), nothingNew, context) };
  const { person: asks, role } = body.requester;
  const [loaded, objects] = await Promise.all([
    loadChecks(backbone, body.checks, '/checks'),
    allFound({
      application: findApplication(backbone, body.application, '/application'),
      person: asks === undefined ? undefined : findPerson(backbone, asks, '/requester/person'),
      object: findAuthorizationOrMeans(backbone, body.object, '/object'),
    }),
  ]);
  if ('faults' in objects || 'faults' in loaded) {
    const faults = [objects, loaded].flatMap((one) => ('faults' in one ? one.faults : []));
    return { outcome: { outcome: 'rejected', rejections: faults } };
  }
  const { application, person, object } = objects.found;
  const wrongPurpose = judgePurpose(application, kind);
  if (wrongPurpose.length > 0) return { outcome: { outcome: 'rejected', rejections: wrongPurpose } };

  let faults: readonly Rejection[] = [];
  let mutation: RefusedMutation | undefined;
  // On the state that is decided on: a level that an upgrade raised meanwhile is the level that he is identified for.
  const judged = async (state: Authorization | Means): Promise<Change> => {
    const order = await judge(
      backbone,
      {
        ...{ application, object: asItStands(object, state), checks: loaded.checks },
        requester: { role, ...(person === undefined ? {} : { person: person.id as PersonId }) },
        ...('reason' in body && body.reason !== undefined ? { reason: body.reason } : {}),
      },
      backbone.now(),
    );
    if ('faults' in order) {
      faults = order.faults;
      throw new FaultyRequest();
    }
    mutation = role === 'operator' ? undefined : mutationOf(backbone, kind, { application, object }, order);
    return { kind, order: { ...order, now: backbone.now() } };
  };
  const outcome = await execute(backbone, referenceTo(object), judged, context).catch(
    (error: unknown): SuspensionOutcome => {
      if (error instanceof FaultyRequest) return { outcome: 'rejected', rejections: faults };
      throw error;
    },
  );
  return { outcome, ...(mutation === undefined ? {} : { mutation }) };
}

/** What was asked, and until when that has to be answered. */
function mutationOf(
  backbone: Backbone,
  mutation: keyof typeof KINDS,
  { application, object }: { readonly application: ReceivedApplication; readonly object: AskedObject },
  { ground: { level } }: SuspensionOrder,
): RefusedMutation {
  const about = object.kind === 'means' ? object.means.id : object.authorization.authorization;
  return {
    ...{ mutation, object: object.kind, about, application: application.id },
    ...turnaroundOf(backbone, application, { mutation, object: object.kind, level }),
  };
}

class FaultyRequest extends Error {}

type Change = { readonly kind: keyof typeof KINDS; readonly order: SuspensionOrder };

/** What was found, as it stands when it is decided on; what was found once is there. */
const asItStands = ({ kind }: AskedObject, state: Authorization | Means): AskedObject =>
  (kind === 'means' ? { kind, means: state } : { kind, authorization: state }) as AskedObject;

const nothingNew = (): Promise<Change> =>
  Promise.reject(new Error('a command that is only answered again is not judged'));

const referenced = ({ authorization, means }: SuspendRequest['object']): EndedObject =>
  means === undefined ? { authorization: authorization as AuthorizationId } : { means: means as MeansId };

async function execute(
  backbone: Backbone,
  object: EndedObject,
  change: (state: Authorization | Means) => Promise<Change>,
  context: CommandContext,
): Promise<SuspensionOutcome> {
  const outcome =
    'means' in object
      ? await backbone.commands.execute(
          meansDecider,
          streamId('means', object.means),
          async (state) => {
            const { kind, order } = await change(state);
            return { ...order, type: kind === 'suspension' ? 'SuspendMeans' : 'LiftSuspension' };
          },
          context,
        )
      : await backbone.commands.execute(
          authorizationDecider,
          streamId('authorization', object.authorization),
          async (state) => {
            const { kind, order } = await change(state);
            return { ...order, type: kind === 'suspension' ? 'SuspendAuthorization' : 'LiftSuspension' };
          },
          context,
        );
  return outcome as SuspensionOutcome;
}
