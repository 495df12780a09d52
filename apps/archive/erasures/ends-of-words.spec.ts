import { expect, it } from '@jest/globals';
import { streamId, type DomainEvent, type Recorded } from '#libs/kernel';
import { KeyDestroyed, openMember } from '#libs/eventing';
import { recordReading, reasonIn } from '#libs/application';
import { policySimulationDecider } from '#libs/domain';
import { at, memoryBackbone, uuid } from '#libs/testing';
import { endsOfWords, simulationWordsScheduling } from './ends-of-words.js';

/** Reasons of auditors are kept for seven years, and have an end then (ARCH-11). */

const began = at('2026-03-09T10:00:00Z');

async function started(destroys: boolean) {
  let clock = Date.parse(began);
  const memory = await memoryBackbone(() => clock, { readModels: [], destroys });
  const { backbone } = memory;
  /** `now`: by the clock of the process that has the turn, where that is not the register's. */
  const perform = async (now = backbone.now): Promise<void> => {
    for (const chore of endsOfWords({ ...backbone, now })) {
      for (const item of await backbone.dueWork.due(chore.kind, now(), 10)) {
        await chore.perform(item, new AbortController().signal);
      }
    }
  };
  return { memory, perform, goTo: (moment: string) => void (clock = Date.parse(moment)) };
}

it.each([
  ['goes when its time is over', true, false],
  ['stays where nothing is destroyed', false, true],
])('why a simulation was asked for, and why somebody read, %s (ARCH-11)', async (_, destroys, isThere) => {
  const { memory, perform, goTo } = await started(destroys);
  const { backbone } = memory;
  const simulation = uuid('simul');
  const stream = streamId('policySimulation', simulation);
  const event = {
    type: 'PolicySimulationRequested',
    data: {
      ...{ policySimulation: simulation, proposal: {}, moments: [], reason: { clear: 'Vraag van de heer Pietersen' } },
      ...{ requestedAt: began, shownUntil: at('2026-04-08T10:00:00Z') },
    },
  };
  await memory.record(...(['policySimulation', simulation] as const), event as never);
  const { history } = await backbone.commands.load(policySimulationDecider, stream);
  const requested = history[0]! as Recorded<DomainEvent>;
  await simulationWordsScheduling(backbone).react(requested as never, undefined as never);
  const reading = await recordReading(
    backbone,
    { client: 'audit-desk', correlationId: 'test' },
    { what: 'persons', reason: 'Klacht', question: {}, shown: [], subjects: [], startedAt: began },
  );
  const record = await backbone.records.byId(reading);
  const { data } = JSON.parse(record!.bytes) as { data: { reason: { sealed: string } } };
  const open = async () =>
    Promise.all(
      [
        openMember<string>(backbone.sealer, requested, 'reason', (requested.data as { reason: never }).reason),
        backbone.sealer.open(reasonIn(reading), data.reason.sealed),
      ].map((opened) =>
        opened.then(
          () => true,
          (error: unknown) => {
            if (error instanceof KeyDestroyed) return false;
            throw error;
          },
        ),
      ),
    );

  goTo('2033-03-09T10:00:00Z');
  await perform();
  expect(await open()).toEqual([true, true]);
  await perform(() => at('2050-01-01T10:00:00Z'));
  expect(await open()).toEqual([true, true]);
  goTo('2033-04-10T10:00:00Z');
  await perform();
  expect(await open()).toEqual([isThere, isThere]);
  await memory.close();
});
