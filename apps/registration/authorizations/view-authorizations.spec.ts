import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainEvent, JsonValue } from '#libs/kernel';
import {
  authorizationsProjection,
  dossierProjections,
  lastUseProjection,
  nonUseNoticesProjection,
  placesOf,
  recordViewing,
  type Viewer,
} from '#libs/application';
import { fixedClock, memoryBackbone, paperRegistration, tracedWork, uuid, type MemoryBackbone } from '#libs/testing';
import { viewAuthorization, viewAuthorizations } from './view-authorizations.js';

/** How much is looked through for what a person sees: by the time of an answer nobody is to tell what is hidden from him. */

const { assessedAt, authorizationFacts, meansFacts } = paperRegistration;
const party = uuid('party');
const [administrator, ofOne, employee, colleague] = ['adm', 'one', 'empl', 'col'].map((kind) => ({
  person: uuid(kind),
  means: uuid(`m-${kind}`),
})) as [Somebody, Somebody, Somebody, Somebody];
const [own, other] = ['000037178598', '000037178601'];

interface Somebody {
  readonly person: string;
  readonly means: string;
}

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt), {
    readModels: [...dossierProjections, nonUseNoticesProjection, lastUseProjection] as never,
  });
  const data = { party, kind: 'undertaking', register: 'kvk', number: '69599084', publicDetails: { name: 'School' } };
  await memory.record('party', party, { type: 'PartyRegistered', data } as never);
  for (const { person, means } of [administrator, ofOne, employee]) {
    await memory.record('person', person, ...paperRegistration.personFacts(person));
    await memory.record('means', means, ...(meansFacts(means, person, 'active') as DomainEvent[]));
  }
  await authorize(administrator, { authority: 'administration' });
  await authorize(ofOne, { authority: 'administration', establishments: [own] });
  await authorize(employee, { establishments: [own] });
});
afterEach(() => memory.close());

let numbers = 0;
async function authorize(to: Somebody, more: object = {}): Promise<string> {
  const id = uuid('auth', ++numbers);
  const facts = { representedParty: party, authorizedParty: { ...to, pseudonym: 'p' }, ...more };
  await memory.record('authorization', id, ...authorizationFacts(id, facts as never));
  return id;
}

function viewerWith({ person, means }: Somebody, more: Partial<Viewer> = {}): Viewer {
  return {
    ...{
      named: { person, authentication: uuid('login') },
      at: assessedAt,
      records: new Set([person]),
      level: 'EH3',
      means,
    },
    ...{ represents: new Set<string>(), ...more },
  };
}

/** Items of a first page of three, and the rows of authorizations that were read for it. */
async function viewed(
  who: Somebody,
  filter: object = {},
  level: Viewer['level'] = 'EH3',
): Promise<{ readonly items: number; readonly next: boolean; readonly read: number }> {
  const { backbone } = memory;
  const viewer = viewerWith(who, { level });
  const { store } = backbone.readModels;
  const search = store.search.bind(store);
  let read = 0;
  store.search = async (projection, query) => {
    const rows = await search(projection, query);
    if ((projection as { name: string }).name === authorizationsProjection.name) read += rows.length;
    return rows;
  };
  try {
    const places = placesOf(backbone, viewer);
    const viewing = { viewer, places, record: async () => undefined };
    const page = { limit: 3, cursor: undefined, after: undefined };
    const { items, next } = await viewAuthorizations(backbone, viewing, filter as never, page);
    return { items: items.length, next: next !== null, read };
  } finally {
    store.search = search;
  }
}

it.each<[string, () => ReturnType<typeof viewed>, Somebody, object]>([
  ['who is authorized, where there is an administrator (VIS-02)', () => viewed(employee), colleague, {}],
  ['an administrator of another establishment (VIS-01)', () => viewed(ofOne), colleague, { establishments: [other] }],
  [
    'an administrator with a lower login, who asks for details (RIGHTS-07)',
    () => viewed(administrator, { representedParty: party, authorizedPerson: employee.person }, 'EH2'),
    employee,
    {},
  ],
])('the work of a list does not grow with what is hidden from %s', async (_who, asked, of, hidden) => {
  const before = await asked();
  for (let count = 0; count < 250; count += 1) await authorize(of, hidden);
  expect(await asked()).toEqual(before);
});

it('what an administrator sees is read a page at a time', async () => {
  for (let count = 0; count < 250; count += 1) await authorize(employee);
  const { items, next, read } = await viewed(administrator);
  expect([items, next, read < 120]).toEqual([3, true, true]);
});

describe('an authorization that is hidden', () => {
  const [another, office, entity] = [uuid('party', 2), uuid('party', 3), uuid('party', 4)];
  const manager = { person: uuid('mgr'), means: uuid('m-mgr') };
  beforeEach(async () => {
    for (const [number, id, kind] of [
      ['69599076', another, 'undertaking'],
      ['69599068', office, 'undertaking'],
      ['T-1', entity, 'restGroupEntity'],
    ] as const) {
      const register = kind === 'restGroupEntity' ? 'trr' : 'kvk';
      const data = { party: id, kind, register, number, publicDetails: { name: 'Test' } };
      await memory.record('party', id, { type: 'PartyRegistered', data } as never);
    }
    await memory.record(
      'means',
      manager.means,
      ...(meansFacts(manager.means, manager.person, 'active') as DomainEvent[]),
    );
    await authorize(manager, { representedParty: office, authority: 'administration' });
  });

  it.each<[string, Somebody, Partial<Viewer>, () => Promise<string>]>([
    ['of another consumer', employee, {}, () => authorize(colleague, { representedParty: another })],
    ['of a colleague, from an employee', employee, {}, () => authorize(colleague)],
    ['of another establishment', ofOne, {}, () => authorize(colleague, { establishments: [other] })],
    ['of his own at a higher level', employee, { level: 'EH2' }, () => authorize(employee)],
    ['of an intermediary, from an employee', employee, {}, () => authorize(colleague, to(another))],
    [
      'of an intermediary of others',
      employee,
      {},
      () => authorize(colleague, { ...to(office), representedParty: another }),
    ],
    [
      'of the TRR, from its intermediary',
      manager,
      {},
      () => authorize(colleague, { ...to(office), representedParty: entity }),
    ],
    ['from who logged in elsewhere', employee, { means: undefined as never }, () => authorize(colleague)],
  ])('%s, is answered as what never was, by the same reads (VIS-05)', async (_what, who, more, make) => {
    const hidden = await make();
    const answers: unknown[] = [];
    const asked = (id: string) =>
      tracedWork(memory, async () => {
        const viewer = viewerWith(who, more);
        const request = { client: 'portal', correlationId: 'trace' };
        const viewing = {
          ...{ viewer, places: placesOf(memory.backbone, viewer) },
          record: (question: JsonValue, shown: readonly string[]) =>
            recordViewing(memory.backbone, request, {
              ...{ what: 'authorizations', viewer: viewer.named, shown, subjects: [], startedAt: viewer.at },
              question,
            }),
        };
        await viewAuthorization(memory.backbone, viewing, id).catch((error: Error) =>
          answers.push(JSON.stringify(error).replaceAll(id, 'id')),
        );
      });
    const [ofHidden, ofNone] = [await asked(hidden), await asked(uuid('never'))];
    expect(ofHidden).toEqual(ofNone);
    expect([ofHidden.length > 5, answers.length, answers[0]]).toEqual([true, 2, answers[1]]);
  });

  const to = (intermediary: string) => ({ authorizedParty: { party: intermediary } });
});
