import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { DomainEvent } from '#libs/kernel';
import { partyIdOf, authorizationsProjection, findParty, placesOf, seed, type Viewer } from '#libs/application';
import { organizationId } from '#libs/domain';
import { fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { searchChains } from './search-chains.js';

/** What is looked through for the links that a viewer finds, and where a page of them ends (CHAIN-14, VIS-05). */

const { assessedAt, authorizationFacts, meansFacts } = paperRegistration;
const person = uuid('mgr');
const means = uuid('m-mgr');
const service = seed.services.find(({ chainSupported }) => chainSupported)!;
const narrow = { all: false, services: ['urn:elsewhere'], groups: [] };

let memory: MemoryBackbone;
let office: string;
let mine: string;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
  [office, mine] = [await register('69599076'), await register('69599084')];
  await memory.record('means', means, ...(meansFacts(means, person, 'active') as DomainEvent[]));
  await authorize({
    representedParty: mine,
    authorizedParty: { person, means, pseudonym: 'p' },
    authority: 'administration',
  });
});
afterEach(() => memory.close());

async function register(number: string, kind = 'undertaking', of = 'kvk'): Promise<string> {
  const id = await partyIdOf(memory.backbone, of, number);
  const data = { party: id, kind, register: of, number, publicDetails: { name: 'Test' } };
  await memory.record('party', id, { type: 'PartyRegistered', data } as never);
  return id;
}

let numbers = 0;
async function authorize(more: object): Promise<string> {
  const id = uuid('auth', ++numbers);
  await memory.record('authorization', id, ...authorizationFacts(id, more as never));
  return id;
}
const link = (representedParty: string, more: object = {}): Promise<string> =>
  authorize({
    ...{ representedParty, authorizedParty: { party: office }, eh: null, eidas: null },
    ...{ nature: { rightOfSubstitution: true, actsIndependently: true }, ...more },
  });

async function found(isViewed: boolean, more: { cursor?: string; limit?: number } = {}) {
  const { backbone } = memory;
  const viewer: Viewer = {
    ...{ named: { person, authentication: uuid('login') }, at: assessedAt, records: new Set([person]) },
    ...{ level: 'EH3', means, represents: new Set<string>() },
  };
  const { store } = backbone.readModels;
  const search = store.search.bind(store);
  let links = 0;
  store.search = async (projection, query) => {
    const rows = await search(projection, query);
    const isList = (projection as { name: string }).name === authorizationsProjection.name;
    if (isList) links += rows.filter((row) => row['authorizedParty'] !== null).length;
    return rows;
  };
  try {
    const viewing = { viewer, places: placesOf(backbone, viewer), record: async () => undefined };
    const party = await findParty(backbone, office, '');
    const intermediary = organizationId(('found' in party ? party.found : undefined)!);
    const asked = { intermediary, service, limit: 3, ...more } as const;
    const { items, next } = await searchChains(backbone, asked as never, isViewed ? viewing : undefined);
    return { items: items.map(({ authorization }) => authorization), next, links };
  } finally {
    store.search = search;
  }
}

it('a viewer looks through no link of others (VIS-05)', async () => {
  const own = await link(mine);
  const before = await found(true);
  expect(before).toEqual({ items: [own], next: null, links: 1 });
  const other = await register('69599068');
  for (let count = 0; count < 250; count += 1) await link(other);
  expect(await found(true)).toEqual(before);
});

it('a page ends for the work among what whoever asks may see, and does not say where (REST-04)', async () => {
  const [entity, other] = [await register('T-1', 'restGroupEntity', 'trr'), await register('69599068')];
  const wanted = await link(other);
  for (let count = 0; count < 20; count += 1) await link(entity);
  const plain: string[] = [];
  for (let count = 0; count < 1_010; count += 1) {
    plain.push(await link(other, { scope: narrow }));
    if (count % 10 === 0) await link(entity);
  }
  await authorize({
    representedParty: office,
    authorizedParty: { person, means, pseudonym: 'p' },
    authority: 'administration',
  });
  for (const isViewed of [true, false]) {
    const first = await found(isViewed);
    // After a thousand of those that are seen, whatever is hidden among them.
    expect(first.items).toEqual([]);
    const readable = Buffer.from(first.next!, 'base64url').toString('latin1');
    expect(plain.filter((id) => readable.includes(id))).toEqual([]);
    expect(await found(isViewed, { cursor: first.next! })).toMatchObject({ items: [wanted], next: null });
  }
}, 120_000);

it('looks through no more than a thousand links that nobody is shown for one answer (REST-04)', async () => {
  const [entity, other] = [await register('T-1', 'restGroupEntity', 'trr'), await register('69599068')];
  const wanted = await link(other);
  for (let count = 0; count < 1_050; count += 1) await link(entity);
  const first = await found(false);
  expect([first.items, first.links]).toEqual([[], 1_000]);
  expect(await found(false, { cursor: first.next! })).toEqual({ items: [wanted], next: null, links: 51 });
}, 120_000);
