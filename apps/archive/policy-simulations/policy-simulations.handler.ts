import { later, streamId, type Instant, type PolicySimulationId } from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
import { commandContext, type Backbone, type CommandRequest } from '#libs/application';
import {
  policySimulationDecider,
  rejectPolicySimulation,
  type PolicySimulation,
  type PolicySimulationEvent,
} from '#libs/domain';
import type { Sender, Validated } from '#libs/platform';
import { readProposal, type ReadSimulation } from './judge-proposal.js';
import { policySimulationsProjection } from './policy-simulations.projection.js';
import type { CancelPolicySimulationRequest } from './policy-simulations.requests.js';

type Outcome = CommandOutcome<PolicySimulation, PolicySimulationEvent>;

/** How long what came of it is answered (milliseconds): after that the register is another one. */
const SHOWN_FOR = 30 * 24 * 3_600_000;
/**
 * Those that wait or are running, together. A process takes one after the other in; two that are asked at the very same moment may
 * each take the last.
 */
export const MOST_OPEN = 5;

const idOf = ({ participant }: Backbone, client: string, key: string): PolicySimulationId =>
  derivedId('policySimulation', participant.oin, client, key) as PolicySimulationId;

/** What a request proposes, or what is wrong with it; what came before with the same key is not judged again. */
export async function judgeSimulation(
  backbone: Backbone,
  json: unknown,
  { client, key, replayed }: Sender,
): Promise<Validated<ReadSimulation>> {
  const read = readProposal(json, backbone.governance, backbone.now());
  if (read.value !== undefined || key === undefined) return read;
  // A moment may have passed since: it is compared with what was sent the first time, and nothing else is done with it.
  const { state } = await backbone.commands.load(
    policySimulationDecider,
    streamId('policySimulation', idOf(backbone, client, key)),
  );
  return replayed === true || state.status !== 'none'
    ? { value: { proposal: {}, moments: [], reason: '' }, faults: [] }
    : read;
}

/** What is under way in this process, by its backbone: the next one is counted behind it. */
const last = new WeakMap<Backbone, Promise<unknown>>();

export function requestSimulation(
  backbone: Backbone,
  request: CommandRequest,
  sent: object,
  read: ReadSimulation,
): Promise<Outcome> {
  const before = last.get(backbone) ?? Promise.resolve();
  const requested = before.then(() => requestOne(backbone, request, sent, read));
  last.set(
    backbone,
    requested.catch(() => undefined),
  );
  return requested;
}

async function requestOne(
  backbone: Backbone,
  request: CommandRequest,
  sent: object,
  { proposal, moments, reason }: ReadSimulation,
): Promise<Outcome> {
  const policySimulation = idOf(backbone, request.client, request.idempotencyKey);
  const stream = streamId('policySimulation', policySimulation);
  const context = await contextOf(backbone, request, 'RequestPolicySimulation', sent, policySimulation);
  const { state } = await backbone.commands.load(policySimulationDecider, stream);
  if (state.status === 'none' && (await openNow(backbone)) >= MOST_OPEN) {
    return { outcome: 'rejected', rejections: [rejectPolicySimulation('too-many-policy-simulations')] };
  }
  return backbone.commands.execute(
    policySimulationDecider,
    stream,
    () => {
      const now = backbone.now();
      const shownUntil = later(now, SHOWN_FOR);
      return { type: 'RequestPolicySimulation', policySimulation, proposal, moments, reason, now, shownUntil };
    },
    context,
  );
}

async function openNow({ readModels }: Backbone): Promise<number> {
  await readModels.upToDate(policySimulationsProjection as never);
  const where = [{ column: 'status', is: 'equal', value: 'open' } as const];
  return (await readModels.store.search(policySimulationsProjection, { where, limit: MOST_OPEN })).length;
}

export async function cancelSimulation(
  backbone: Backbone,
  request: CommandRequest,
  id: PolicySimulationId,
  { reason }: CancelPolicySimulationRequest,
): Promise<Outcome> {
  const stream = streamId('policySimulation', id);
  // Nobody gets a key by being named.
  const { state } = await backbone.commands.load(policySimulationDecider, stream);
  if (state.status === 'none' || !isShown(state, backbone.now())) {
    return { outcome: 'rejected', rejections: [rejectPolicySimulation('no-such-policy-simulation')] };
  }
  const context = await contextOf(backbone, request, 'CancelPolicySimulation', { id, reason }, id);
  return backbone.commands.execute(
    policySimulationDecider,
    stream,
    () => ({ type: 'CancelPolicySimulation', reason, now: backbone.now() }),
    context,
  );
}

export const isShown = ({ shownUntil }: { readonly shownUntil: Instant }, now: Instant): boolean => now < shownUntil;

const contextOf = (backbone: Backbone, request: CommandRequest, command: string, body: object, id: string) =>
  commandContext(backbone, request, command, body, {
    holder: { kind: 'policySimulation', id },
    stream: streamId('policySimulation', id),
  });
