import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { DomainEvent, JsonValue } from '#libs/kernel';
import { meansProjection, placesOf, recordViewing, type Viewer } from '#libs/application';
import { fixedClock, memoryBackbone, paperRegistration, tracedWork, uuid, type MemoryBackbone } from '#libs/testing';
import { viewManyMeans, viewMeans } from './means/view-means.js';
import { viewPerson } from './persons/view-persons.js';

/** Of a person or a means that is hidden neither an answer tells, nor the work that it took (VIS-05). */

const { assessedAt, authorizationFacts, meansFacts, personFacts } = paperRegistration;
const [party, another] = [uuid('party', 1), uuid('party', 2)];
const [administrator, employee, colleague, stranger] = ['adm', 'empl', 'col', 'str'].map((kind) => ({
  person: uuid(kind),
  means: uuid(`m-${kind}`),
})) as [Somebody, Somebody, Somebody, Somebody];

interface Somebody {
  readonly person: string;
  readonly means: string;
}

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
  for (const [number, id] of [
    ['69599084', party],
    ['69599076', another],
  ] as const) {
    const data = { party: id, kind: 'undertaking', register: 'kvk', number, publicDetails: { name: 'School' } };
    await memory.record('party', id, { type: 'PartyRegistered', data } as never);
  }
  for (const [{ person, means }, at] of [
    [administrator, party],
    [employee, party],
    [colleague, party],
    [stranger, another],
  ] as const) {
    await memory.record('person', person, ...personFacts(person));
    const [applied, ...others] = meansFacts(means, person, 'active') as DomainEvent[];
    await memory.record('means', means, { ...applied!, data: { ...applied!.data, party: at } } as never, ...others);
    const id = uuid(`a-${person.slice(-4)}`);
    const authority = person === administrator.person ? 'administration' : 'regular';
    const facts = { representedParty: at, authorizedParty: { person, means, pseudonym: 'p' }, authority };
    await memory.record('authorization', id, ...authorizationFacts(id, facts as never));
  }
});
afterEach(() => memory.close());

const VIEWS = { persons: viewPerson, means: viewMeans };

it.each<[string, keyof typeof VIEWS, Somebody, string, Partial<Viewer>]>([
  ['a colleague, where there is an administrator', 'persons', employee, colleague.person, {}],
  ['somebody of another consumer', 'persons', administrator, stranger.person, {}],
  ['who acts at a higher level', 'persons', administrator, colleague.person, { level: 'EH2' }],
  ['somebody, from who logged in elsewhere', 'persons', employee, colleague.person, { means: undefined as never }],
  ['the means of a colleague', 'means', employee, colleague.means, {}],
  ['the means of somebody of another consumer', 'means', administrator, stranger.means, {}],
  ['a means of a higher level', 'means', administrator, colleague.means, { level: 'EH2' }],
  ['his own means of a higher level', 'means', employee, employee.means, { level: 'EH2' }],
])(
  '%s is answered as what never was, by the same reads (VIS-05)',
  async (_what, what, { person, means }, hidden, more) => {
    const answers: string[] = [];
    const asked = (id: string): Promise<readonly string[]> =>
      tracedWork(memory, async () => {
        const viewer: Viewer = {
          ...{ named: { person, authentication: uuid('login') }, at: assessedAt, records: new Set([person]) },
          ...{ level: 'EH3', means, represents: new Set<string>(), ...more },
        };
        const viewing = {
          ...{ viewer, places: placesOf(memory.backbone, viewer) },
          record: (question: JsonValue, shown: readonly string[]) =>
            recordViewing(
              memory.backbone,
              { client: 'portal', correlationId: 'trace' },
              {
                ...{ what, viewer: viewer.named, shown, subjects: [], startedAt: viewer.at },
                question,
              },
            ),
        };
        await VIEWS[what](memory.backbone, viewing, id).catch((error: Error) =>
          answers.push(JSON.stringify(error).replaceAll(id, 'id')),
        );
      });
    const [ofHidden, ofNone] = [await asked(hidden), await asked(uuid('never'))];
    expect(ofHidden).toEqual(ofNone);
    expect([ofHidden.length > 4, answers.length, answers[0]]).toEqual([true, 2, answers[1]]);
  },
);

it.each<[string, Somebody, 'identified' | 'revoked']>([
  ['that are identified', administrator, 'identified'],
  ['that were revoked before they were issued', administrator, 'revoked'],
  ['of his own', employee, 'identified'],
])(
  'the work of a list does not grow with means %s at a higher level than his login (RIGHTS-07)',
  async (_what, who, until) => {
    const { backbone } = memory;
    const viewed = async (): Promise<readonly [items: number, next: string | null, rows: number]> => {
      const { person, means } = who;
      const viewer: Viewer = {
        ...{ named: { person, authentication: uuid('login') }, at: assessedAt, records: new Set([person]) },
        ...{ level: 'EH2', means, represents: new Set<string>() },
      };
      const { store } = backbone.readModels;
      const search = store.search.bind(store);
      let rows = 0;
      store.search = async (projection, query) => {
        const found = await search(projection, query);
        if ((projection as { name: string }).name === meansProjection.name) rows += found.length;
        return found;
      };
      try {
        const viewing = { viewer, places: placesOf(backbone, viewer), record: async () => undefined };
        const page = { limit: 3, cursor: undefined, after: undefined };
        const { items, next } = await viewManyMeans(backbone, viewing, {}, page);
        return [items.length, next, rows];
      } finally {
        store.search = search;
      }
    };
    const before = await viewed();
    const criteria = { appearance: 'i.a', attributes: 'ii.c', validation: 'iii.e' };
    for (let count = 0; count < 250; count += 1) {
      const id = uuid('hidden', count);
      const [applied] = meansFacts(id, employee.person, 'applied') as DomainEvent[];
      const facts = [
        { ...applied!, data: { ...applied!.data, party } },
        {
          type: 'HolderIdentified',
          data: { means: id, checks: [], scores: { ID: 3 }, rows: { ID: [] }, criteria, identifiedAt: assessedAt },
        },
        { type: 'MeansRevoked', data: { means: id, revocationRequest: uuid('revoke'), revokedAt: assessedAt } },
      ];
      await memory.record('means', id, ...(facts.slice(0, until === 'revoked' ? 3 : 2) as never[]));
    }
    expect(await viewed()).toEqual(before);
  },
);
