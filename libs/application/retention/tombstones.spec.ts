import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { streamId } from '#libs/kernel';
import { personDecider } from '#libs/domain';
import { at, memoryBackbone, uuid, type MemoryBackbone } from '#libs/testing';
import { destroyedObjectsProjection } from '../read-models/destroyed-objects.js';
import { findParty, findPerson } from '../objects.js';
import { isErased } from '../telling/is-erased.js';
import { leftOf, partyIdOf } from './tombstones.js';

/** What every process answers of what was destroyed (ARCH-11). */

const NUMBER = '69599084';
const person = uuid('person');
const other = uuid('person', 2);
let clock: number;
let memory: MemoryBackbone;
let party: string;

beforeEach(async () => {
  clock = Date.parse('2026-03-02T12:00:00Z');
  memory = await memoryBackbone(() => clock, { readModels: [destroyedObjectsProjection] as never });
  party = await partyIdOf(memory.backbone, 'kvk', NUMBER);
  const details = { kind: 'undertaking', register: 'kvk', number: NUMBER, publicDetails: { name: 'Test' } };
  await memory.record('party', party, { type: 'PartyRegistered', data: { party, ...details } } as never);
  for (const id of [person, other]) {
    const data = { person: id, familyName: { clear: 'Jansen' }, identifyingAttributes: ['familyName'] };
    await memory.record('person', id, { type: 'PersonRegistered', data } as never);
  }
});
afterEach(() => memory.close());

async function destroyed(moment = '2033-03-04T12:00:00Z'): Promise<void> {
  clock = Date.parse(moment);
  const objects = [
    { kind: 'person', id: person },
    { kind: 'party', id: party },
  ];
  const data = {
    destruction: uuid('destr'),
    reason: 'retentionOver',
    retentionYears: 7,
    objects,
    indexes: [],
    files: [],
  };
  const fact = { type: 'RecordsDestroyed', data: { ...data, destroyedAt: at(moment) } };
  await memory.record('destruction', uuid('destr'), fact as never);
}

it('is that there is no such object, by the next question, and of others that they are there (ARCH-11)', async () => {
  await destroyed();
  const { backbone } = memory;
  expect(await findPerson(backbone, person, '/person')).toMatchObject({ fault: { code: 'unknown-person' } });
  expect(await findParty(backbone, party, '/party')).toMatchObject({ fault: { code: 'unknown-party' } });
  expect(await findPerson(backbone, other, '/person')).toHaveProperty('found');
  const streams = [other, person].map((id) => streamId('person', id));
  const both = await backbone.commands.loadAll(personDecider, streams);
  expect(both.map(({ state, history }) => [state.status, history.length])).toEqual([
    ['registered', 1],
    ['none', 0],
  ]);
  expect(await leftOf(backbone, 'person', [person, other], (id) => id)).toEqual([other]);
  expect(await isErased(backbone, { kind: 'person', id: person as never })).toBe(true);
  const everything = await backbone.everything.load(personDecider, streams[1]!);
  expect(everything.state.status).toBe('registered');
});

it('leaves the number of an organization free, for one after the other (PARTY-01, ARCH-11)', async () => {
  expect(await partyIdOf(memory.backbone, 'kvk', NUMBER)).toBe(party);
  await destroyed();
  const next = await partyIdOf(memory.backbone, 'kvk', NUMBER);
  expect(next).not.toBe(party);
  expect(await partyIdOf(memory.backbone, 'kvk', NUMBER)).toBe(next);
  const data = { party: next, kind: 'undertaking', register: 'kvk', number: NUMBER, publicDetails: { name: 'Test' } };
  await memory.record('party', next, { type: 'PartyRegistered', data } as never);
  expect(await findParty(memory.backbone, next, '/party')).toHaveProperty('found');
  expect(await partyIdOf(memory.backbone, 'kvk', NUMBER)).toBe(next);
});

it('is that there is nothing to change, and that its key is taken by what it made', async () => {
  await destroyed();
  const context = (key: string) => ({
    ...{ participant: memory.backbone.participant.oin, client: 'office', key, requestHash: key, correlationId: key },
    actor: { client: 'office' },
  });
  const stream = streamId('person', person);
  const link = { type: 'ErasePersonContacts', rightsRequest: uuid('right'), kept: [], now: at('2033-03-05T12:00:00Z') };
  const changed = await memory.backbone.commands.execute(personDecider, stream, () => link as never, context('k-1'));
  expect(changed).not.toMatchObject({ outcome: 'accepted', events: [expect.anything()] });
  const { length } = (await memory.backbone.everything.load(personDecider, stream)).history;
  expect(length).toBe(1);
});

it('is not asked of what is younger than anything that was ever destroyed', async () => {
  const asked: unknown[] = [];
  const { store } = memory.backbone.readModels;
  const load = store.load.bind(store);
  store.load = ((...of: Parameters<typeof load>) => {
    asked.push(of);
    return load(...of);
  }) as typeof load;
  clock = Date.parse('2032-02-01T12:00:00Z');
  expect(await findPerson(memory.backbone, person, '/person')).toHaveProperty('found');
  expect(asked).toEqual([]);
  clock = Date.parse('2032-03-04T12:00:00Z');
  expect(await findPerson(memory.backbone, person, '/person')).toHaveProperty('found');
  expect(asked).toHaveLength(1);
});
