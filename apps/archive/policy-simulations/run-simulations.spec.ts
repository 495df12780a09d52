import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { streamId, type DomainEvent, type Instant, type PolicySimulationId } from '#libs/kernel';
import { dossierProjections, simulatedProjections, type Backbone } from '#libs/application';
import { policySimulationDecider } from '#libs/domain';
import type { KeptItem, Performed, Projection } from '#libs/eventing';
import { at, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { archiveProjections } from '../archive.module.js';
import { MOST_OPEN, requestSimulation } from './policy-simulations.handler.js';
import { MOST_BEGUN, policySimulations, progressOf, SIMULATION, type SimulationOutcome } from './run-simulations.js';

const now = at('2026-03-03T12:00:00Z');
const moments: readonly Instant[] = [at('2026-06-30T22:00:00Z')];
const proposal = { levelPolicy: [{ level: 'EH3', usableUntil: moments[0]! }] } as const;
const id = uuid('simulation') as PolicySimulationId;

let memory: MemoryBackbone;
let backbone: Backbone;
let ended: SimulationOutcome[];
beforeEach(async () => {
  ended = [];
  const projections = new Set<Projection>([
    ...([...dossierProjections, ...archiveProjections, ...simulatedProjections] as never as Projection[]),
  ]);
  memory = await memoryBackbone(() => Date.parse(now), { readModels: [...projections] });
  ({ backbone } = memory);
  await paperRegistration.recordPaperRegistration(memory, []);
});
afterEach(() => memory.close());

const requested = (policySimulation: PolicySimulationId): DomainEvent => ({
  type: 'PolicySimulationRequested',
  data: {
    ...{ policySimulation, proposal, moments, reason: { clear: 'EH3 per 1 juli' } },
    ...{ requestedAt: now, shownUntil: at('2026-04-02T12:00:00Z') },
  },
});
const chore = (given: Backbone = backbone) => policySimulations(given, (outcome) => ended.push(outcome));
const statusOf = async (): Promise<string> =>
  (await backbone.commands.load(policySimulationDecider, streamId('policySimulation', id))).state.status;

/** What the process that has the turn is given: the one that was asked for, begun so many times before. */
async function due(attempts = 0): Promise<KeptItem> {
  for (const projection of archiveProjections) await backbone.readModels.upToDate(projection as never);
  const found = await chore().sources![0]!.due(now);
  await backbone.dueWork.enqueue(found);
  const [item] = await backbone.dueWork.due(SIMULATION, now, 10);
  return { ...item!, attempts };
}
const perform = (item: KeptItem, signal = new AbortController().signal, given?: Backbone): Promise<Performed> =>
  chore(given).perform(item, signal);

describe('a simulation that was asked for', () => {
  beforeEach(() => memory.record('policySimulation', id, requested(id)));

  it('is gone through by whichever process has the turn, and recorded once', async () => {
    const item = await due();
    expect(item).toMatchObject({ id, kind: SIMULATION, dueAt: now });
    expect(await perform(item)).toEqual({ is: 'done' });
    expect([await statusOf(), ended]).toEqual(['completed', ['completed']]);
    // Another process, which lost the turn meanwhile and does not know it.
    await perform(item);
    const { history } = await backbone.commands.load(policySimulationDecider, streamId('policySimulation', id));
    expect(history.map(({ type }) => type)).toEqual(['PolicySimulationRequested', 'PolicySimulationCompleted']);
    // It is not found again.
    await backbone.readModels.upToDate(archiveProjections.at(-1) as never);
    expect(await chore().sources![0]!.due(now)).toEqual([]);
  });

  it('is left as it was by a process that ends, and completed by the next', async () => {
    const item = await due();
    const over = new AbortController();
    over.abort();
    await expect(perform(item, over.signal)).rejects.toThrow();
    expect([await statusOf(), ended]).toEqual(['requested', []]);
    await perform({ ...item, attempts: 1 });
    expect(await statusOf()).toBe('completed');
  });

  it('is given up when it was begun too often, whatever ended the processes', async () => {
    await perform(await due(MOST_BEGUN));
    expect([await statusOf(), ended]).toEqual(['givenUp', ['failed']]);
  });

  it('ends without a result when it is cancelled while it is running', async () => {
    const item = await due();
    const { dueWork } = backbone;
    const cancelling: Backbone = {
      ...backbone,
      dueWork: Object.assign(Object.create(dueWork) as typeof dueWork, {
        explain: async (key: KeptItem, reason: string) => {
          await memory.record('policySimulation', id, {
            type: 'PolicySimulationCancelled',
            data: { policySimulation: id, reason: { clear: 'niet nodig' }, cancelledAt: now },
          });
          return dueWork.explain(key, reason);
        },
      }),
    };
    // One page is all there is here: the next look at the signal is what ends it, or the fact that it is over already.
    await perform(item, undefined, cancelling);
    expect(await statusOf()).toBe('cancelled');
    expect(await progressOf(backbone, id)).toMatchObject({ means: { done: 0, of: 0 } });
  });
});

it('no more than a few wait at once', async () => {
  for (let nth = 1; nth <= MOST_OPEN; nth++) {
    const one = uuid('simulation', nth) as PolicySimulationId;
    await memory.record('policySimulation', one, requested(one));
  }
  const outcome = await requestSimulation(
    backbone,
    { client: 'audit-desk', subject: 'auditor', idempotencyKey: 'one-too-many', correlationId: uuid('trace') },
    { reason: 'nog een' },
    { proposal, moments, reason: 'nog een' },
  );
  expect(outcome).toMatchObject({ outcome: 'rejected', rejections: [{ code: 'too-many-policy-simulations' }] });
});

it('no more than a few are let in by a process that is asked for many at once', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 4 * MOST_OPEN }, (_, nth) =>
      requestSimulation(
        backbone,
        { client: 'audit-desk', subject: 'auditor', idempotencyKey: `key-${nth}`, correlationId: uuid('trace') },
        { reason: `${nth}` },
        { proposal, moments, reason: 'veel' },
      ),
    ),
  );
  expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(MOST_OPEN);
});
