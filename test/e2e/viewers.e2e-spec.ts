import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { paperRegistration, uuid } from '#libs/testing';
import type { Json } from './support/api.js';
import { at, DUO } from './support/case.js';
import { faultsOf, having, type Answer, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import {
  everything,
  search,
  SERVICE,
  sightOf,
  sights,
  viewedAt,
  worldOn,
  type Somebody,
  type Viewing,
  type World,
} from './support/viewers.js';

/** What a person may see of the register (VIS, RIGHTS), asked with a viewer. */

/** A service that supports chains. */
const CHAINED_SERVICE = 'urn:etoegang:DV:00000099800000002000:services:1';

let suite: MemorySuite;
let supplier: Client;
let world: World;

beforeAll(async () => {
  suite = await startMemorySuite();
  supplier = await suite.client('supplier');
  world = await worldOn(suite, supplier);
});
afterAll(() => suite.end());

const ids = (items: readonly Json[]): readonly unknown[] => items.map(({ id }) => id).sort();
const sorted = (...all: readonly string[]): readonly string[] => [...all].sort();

const SUSPENDED = {
  ...{ by: 'party', application: paperRegistration.ids.application, channel: 'electronic', receivedAt: at(0) },
  ...{ requester: { role: 'authorizedParty' }, checks: [], rows: { IO: [] }, evidence: [], level: 'EH3' },
  ...{ identification: { ioScore: 3 }, immediate: true, dueAt: null, breached: false },
};

interface Consumer {
  readonly party: string;
  readonly administrator: Somebody;
  readonly authority: string;
  readonly employee: Somebody;
  readonly authorization: string;
}

async function consumer(): Promise<Consumer> {
  const party = await world.party();
  const [administrator, employee] = [await world.somebody(), await world.somebody(3, party)];
  return {
    ...{ party, administrator, employee },
    authority: await world.authorization(party, administrator, { authority: 'administration' }),
    authorization: await world.authorization(party, employee),
  };
}

describe('an administrator', () => {
  it('sees all registered authorizations of his service consumer, whatever became of them (VIS-01, ADMIN-11)', async () => {
    const { party, administrator, authority, authorization, employee } = await consumer();
    const revoked = await world.authorization(party, employee, { until: 'revoked' });
    const waiting = await world.authorization(party, await world.somebody(), { until: 'awaitingActivation' });
    const toIntermediary = await world.authorization(party, await world.party());
    const viewing = await world.viewing(administrator);
    const all = sorted(authority, authorization, revoked, waiting, toIntermediary);
    const found = await everything(supplier, 'authorizations', viewing);
    expect(ids(found)).toEqual(all);
    for (const id of all) expect(await sightOf(supplier, viewing, 'authorizations', id)).toBe('whole');
    // The back office’s own view of the same.
    const asked = having(await supplier.get(viewedAt(`/v1/authorizations/${authorization}`, viewing)), 200);
    const own = having(await supplier.get(`/v1/authorizations/${authorization}`), 200);
    expect(asked.body).toEqual(own.body);
    expect(asked.headers.get('etag')).toBe(own.headers.get('etag'));
  });

  it('sees with a lower login that they exist, and none of their details (VIS-01, RIGHTS-07)', async () => {
    const { party, administrator, authorization, employee } = await consumer();
    const low = await world.authorization(party, await world.somebody(2), { level: 2 });
    const viewing = await world.viewing(administrator, { level: 'EH2' });
    expect(sights(await everything(supplier, 'authorizations', viewing, { representedParty: party }))).toMatchObject({
      [authorization]: 'existence',
      [low]: 'whole',
    });
    const { body, headers } = having(await supplier.get(viewedAt(`/v1/authorizations/${authorization}`, viewing)), 200);
    expect(body).toEqual({
      ...{ id: authorization, sight: 'existence', status: 'active', authority: 'regular' },
      ...{ representedParty: party, level: 'EH3' },
    });
    expect(headers.get('etag')).toBeNull();
    // A filter on what he is not shown would show it.
    for (const filter of [
      { authorizedPerson: employee.person },
      { means: employee.means },
      { endsBefore: at(3 * 365 * 86_400_000) },
    ]) {
      const found = await everything(supplier, 'authorizations', viewing, { representedParty: party, ...filter });
      expect(ids(found)).not.toContain(authorization);
    }
    expect(await sightOf(supplier, viewing, 'persons', employee.person)).toBe('nothing');
  });

  it('of establishments sees what lies within them, and what is limited to none (VIS-01)', async () => {
    const party = await world.party();
    const [own, other] = ['000037178598', '000037178601'];
    const administrator = await world.somebody();
    const employee = await world.somebody();
    const limited = (establishments: readonly string[]) => world.authorization(party, employee, { establishments });
    const authority = await world.authorization(party, administrator, {
      authority: 'administration',
      establishments: [own],
    });
    const [within, elsewhere, across] = [await limited([own]), await limited([other]), await limited([own, other])];
    const everywhere = await world.authorization(party, employee);
    const viewing = await world.viewing(administrator);
    expect(ids(await everything(supplier, 'authorizations', viewing))).toEqual(sorted(authority, within, everywhere));
    for (const id of [elsewhere, across])
      expect(await sightOf(supplier, viewing, 'authorizations', id)).toBe('nothing');
  });

  it('sees all of it always, whatever number of organizations he acts for besides (VIS-01)', async () => {
    const { administrator, authority, authorization, employee } = await consumer();
    for (let count = 0; count < 101; count += 1) await world.authorization(await world.party(), administrator);
    const viewing = await world.viewing(administrator);
    const found = ids(await everything(supplier, 'authorizations', viewing));
    expect([found.length, found.includes(authority), found.includes(authorization)]).toEqual([103, true, true]);
    expect(sights(await everything(supplier, 'means', viewing))).toMatchObject({ [employee.means]: 'indication' });
  });

  it('is one behind any number of authorizations at his own organization (VIS-01, ADMIN-12)', async () => {
    const { party, administrator, authorization, employee } = await consumer();
    const other = { ...administrator, means: await world.means(administrator.person, 3) };
    for (let count = 0; count < 101; count += 1) await world.authorization(party, other);
    const viewing = await world.viewing(administrator);
    expect(await sightOf(supplier, viewing, 'authorizations', authorization)).toBe('whole');
    expect(await sightOf(supplier, viewing, 'persons', employee.person)).toBe('indication');
  });

  it('sees who acts for his consumer behind any number of others that he acts for (VIS-02)', async () => {
    const { party, administrator, authorization, employee } = await consumer();
    for (let count = 0; count < 101; count += 1) await world.authorization(await world.party(), employee);
    const viewing = await world.viewing(administrator);
    const { body } = having(await supplier.get(viewedAt(`/v1/persons/${employee.person}`, viewing)), 200);
    expect(body['roles']).toEqual([{ authorization, representedParty: party, authority: 'regular', level: 'EH3' }]);
  });

  it.each<[string, (of: Consumer) => Promise<unknown>]>([
    [
      'was revoked',
      ({ authority }) =>
        suite.record('authorization', authority, {
          type: 'AuthorizationRevoked',
          data: { authorization: authority, revocationRequest: uuid('revoke'), revokedAt: at(0) },
        }),
    ],
    [
      'is suspended',
      ({ authority }) =>
        suite.record('authorization', authority, {
          type: 'AuthorizationSuspended',
          data: { authorization: authority, ...SUSPENDED, suspendedAt: at(0) },
        }),
    ],
  ])('whose authority %s sees nothing any more (ADMIN-12)', async (_what, end) => {
    const of = await consumer();
    const viewing = await world.viewing(of.administrator);
    expect(await sightOf(supplier, viewing, 'authorizations', of.authorization)).toBe('whole');
    await end(of);
    expect(await sightOf(supplier, viewing, 'authorizations', of.authorization)).toBe('nothing');
    expect(ids(await everything(supplier, 'authorizations', viewing))).toEqual([of.authority]);
  });

  it('needs the means that his authority is registered with (ADMIN-06)', async () => {
    const { administrator, authorization } = await consumer();
    const other = { ...administrator, means: await world.means(administrator.person, 3) };
    const viewing = await world.viewing(other);
    expect(await sightOf(supplier, viewing, 'authorizations', authorization)).toBe('nothing');
  });

  it.each<[string, Json]>([
    ['may not act alone', { nature: { rightOfSubstitution: false, actsIndependently: false } }],
    ['acts for third parties alone', { forThirdParties: true }],
    ['was registered without proof of the association', { scores: { IA: 2, IO: 3, IG: 3, IV: 0 } }],
  ])('who %s sees all of it the same, for to see is not to decide (VIS-01, ADMIN-11)', async (_who, data) => {
    const party = await world.party();
    const administrator = await world.somebody();
    const authority = await world.authorization(party, administrator, { authority: 'administration', data });
    const [employee, colleague] = [await world.somebody(3, party), await world.somebody()];
    const all = [authority, await world.authorization(party, employee), await world.authorization(party, colleague)];
    const viewing = await world.viewing(administrator);
    for (const id of all) expect(await sightOf(supplier, viewing, 'authorizations', id)).toBe('whole');
    expect(ids(await everything(supplier, 'authorizations', viewing))).toEqual(sorted(...all));
    expect(await sightOf(supplier, viewing, 'persons', colleague.person)).toBe('indication');
    expect(await sightOf(supplier, viewing, 'means', employee.means)).toBe('indication');
  });

  it('sees who acts for his consumer by name, role and level, without birth date, document or contact (VIS-04)', async () => {
    const { party, administrator, authorization, employee } = await consumer();
    const viewing = await world.viewing(administrator);
    const { body } = having(await supplier.get(viewedAt(`/v1/persons/${employee.person}`, viewing)), 200);
    expect(body).toEqual({
      ...{ id: employee.person, sight: 'indication', familyName: 'Jansen', givenNames: 'Anna Maria' },
      roles: [{ authorization, representedParty: party, authority: 'regular', level: 'EH3' }],
    });
    // Nor may he try birth dates: by what identifies somebody he finds nobody else.
    const tried = await search(supplier, 'persons', viewing, { familyName: 'Jansen', birthDate: '1985-04-12' });
    expect((having(tried, 200).body['items'] as Json[]).map(({ id }) => id)).not.toContain(employee.person);
    expect(await sightOf(supplier, viewing, 'means', employee.means)).toBe('indication');
    const means = having(await supplier.get(viewedAt(`/v1/means/${employee.means}`, viewing)), 200).body;
    expect(means).toEqual({
      ...{ id: employee.means, sight: 'indication', status: 'active', party, stork: 3 },
      pseudonym: `pseudonym of ${employee.means}`,
    });
    expect(sights(await everything(supplier, 'means', viewing))).toEqual({
      [administrator.means]: 'whole',
      [employee.means]: 'indication',
    });
    // Whose it is he is not told there.
    expect(await everything(supplier, 'means', viewing, { holder: employee.person })).toEqual([]);
  });

  it('is told of nobody who acts no more (VIS-02)', async () => {
    const { party, administrator } = await consumer();
    const former = await world.somebody();
    await world.authorization(party, former, { until: 'revoked' });
    expect(await sightOf(supplier, await world.viewing(administrator), 'persons', former.person)).toBe('nothing');
  });
});

describe('a holder', () => {
  it('sees all that is registered about him, at the level concerned (RIGHTS-01, RIGHTS-07)', async () => {
    const { employee, authorization } = await consumer();
    const elsewhere = await world.authorization(await world.party(), employee);
    const waiting = await world.means(employee.person, 3, undefined, 'applied');
    const viewing = await world.viewing(employee);
    expect(sights(await everything(supplier, 'authorizations', viewing))).toEqual({
      [authorization]: 'whole',
      [elsewhere]: 'whole',
    });
    expect(sights(await everything(supplier, 'means', viewing))).toEqual({
      [employee.means]: 'whole',
      [waiting]: 'whole',
    });
    const himself = having(await supplier.get(viewedAt(`/v1/persons/${employee.person}`, viewing)), 200).body;
    const ofBackOffice = having(await supplier.get(`/v1/persons/${employee.person}`), 200).body;
    const { duplicateOf: _other, ...kept } = ofBackOffice;
    expect(himself).toEqual({ ...kept, duplicate: 'none', duplicates: [] });

    const low = await world.viewing(employee, { level: 'EH2' });
    expect(await everything(supplier, 'authorizations', low)).toEqual([]);
    expect(ids(await everything(supplier, 'means', low))).toEqual([waiting]);
    for (const [kind, id] of [
      ['authorizations', authorization],
      ['means', employee.means],
    ] as const)
      expect(await sightOf(supplier, low, kind, id)).toBe('nothing');
  });

  it('is told that he is on record, and which login shows it, where his own is of a lower level (RIGHTS-01, RIGHTS-07)', async () => {
    const who = await world.somebody();
    await suite.record('means', who.means, {
      type: 'MeansRevoked',
      data: { means: who.means, revocationRequest: uuid('revoke'), revokedAt: at(0) },
    });
    // Of level 3 he has none any more; what was registered for it is there all the same.
    const now = { person: who.person, means: await world.means(who.person, 2), stork: 2 } as const;
    const viewing = await world.viewing(now);
    const himself = async () => having(await supplier.get(viewedAt(`/v1/persons/${who.person}`, viewing)), 200).body;
    expect(await himself()).toEqual({ id: who.person, sight: 'existence', roles: [], level: 'EH3' });
    const party = await world.party();
    const authorization = await world.authorization(party, now, { level: 2 });
    expect(await himself()).toEqual({
      ...{ id: who.person, sight: 'indication', familyName: 'Jansen', givenNames: 'Anna Maria', level: 'EH3' },
      roles: [{ authorization, representedParty: party, authority: 'regular', level: 'EH2' }],
    });
    expect(sights(await everything(supplier, 'means', viewing))).toEqual({ [now.means]: 'whole' });
  });

  it('sees a means that he was identified for at the level which that earned (RIGHTS-07)', async () => {
    const { employee } = await consumer();
    const identified = await world.means(employee.person, 3, undefined, 'applied');
    const criteria = { appearance: 'i.a', attributes: 'ii.c', validation: 'iii.e' };
    await suite.record('means', identified, {
      type: 'HolderIdentified',
      data: { means: identified, checks: [], scores: { ID: 3 }, rows: { ID: [] }, criteria, identifiedAt: at(0) },
    });
    const sightAt = async (level: string): Promise<string> =>
      sightOf(supplier, await world.viewing(employee, { level }), 'means', identified);
    expect([await sightAt('EH2'), await sightAt('EH3')]).toEqual(['nothing', 'whole']);
    const low = await world.viewing(employee, { level: 'EH2' });
    expect(await everything(supplier, 'means', low)).toEqual([]);
  });

  it('sees under each of his records what is registered under the others (RIGHTS-01)', async () => {
    const { employee, authorization } = await consumer();
    const other = await world.somebody();
    await suite.record('person', other.person, {
      type: 'PersonLinked',
      data: { person: other.person, to: employee.person },
    });
    const viewing = await world.viewing(other);
    expect(await sightOf(supplier, viewing, 'authorizations', authorization)).toBe('whole');
  });

  it('is told of no record that is like his and is not his own, nor that there is one (VIS-05, RIGHTS-01)', async () => {
    const name = { familyName: 'Dubbelganger', birthDate: '1980-02-03' };
    const made: Json[] = [];
    for (let count = 0; count < 3; count += 1) made.push(having(await supplier.command('/v1/persons', name), 201).body);
    const [first, , person] = made.map(({ id }) => id) as [string, string, string];
    expect(made[2]!['duplicates']).toHaveLength(2);
    const viewing = await world.viewing({ person, means: await world.means(person, 3), stork: 3 });
    const own = async () => [
      having(await supplier.get(viewedAt(`/v1/persons/${person}`, viewing)), 200),
      having(await search(supplier, 'persons', viewing, name), 200),
    ];
    const [shown, found] = (await own()) as [Answer, Answer];
    expect(shown.body).toMatchObject({ id: person, duplicate: 'none', duplicates: [] });
    expect(shown.headers.get('etag')).toBeNull();
    expect(shown.body).not.toHaveProperty('duplicateOf');
    expect(found.body['items']).toEqual([shown.body]);
    // One that turns out to be his own he sees.
    having(await supplier.command(`/v1/persons/${person}/links`, { to: first, same: true }), 200);
    expect((await own())[0]!.body).toMatchObject({
      ...{ duplicate: 'linked', duplicateOf: first },
      duplicates: [{ person: first, outcome: 'linked' }],
    });
  });

  it('finds himself by what identifies him, and no namesake of his (RIGHTS-01, VIS-04)', async () => {
    const name = { familyName: 'Naamgenoot', givenNames: 'Test', birthDate: '1980-02-03', birthPlace: 'Utrecht' };
    const made: string[] = [];
    for (const birthPlace of ['Utrecht', 'Zwolle', 'Assen'])
      made.push(having(await supplier.command('/v1/persons', { ...name, birthPlace }), 201).body['id'] as string);
    const [, person] = made as [string, string, string];
    const viewing = await world.viewing({ person, means: await world.means(person, 3), stork: 3 });
    const asked = { familyName: name.familyName, birthDate: name.birthDate };
    const { body } = having(await search(supplier, 'persons', viewing, { ...asked, limit: 1 }), 200);
    expect([(body['items'] as Json[]).map(({ id }) => id), body['next']]).toEqual([[person], null]);
    const low = await world.viewing({ person, means: await world.means(person, 3), stork: 3 }, { level: 'EH2' });
    // With a lower login he is told what he is told by his id, whatever he looks by: whether it is his would tell (RIGHTS-07).
    const byId = having(await supplier.get(viewedAt(`/v1/persons/${person}`, low)), 200).body;
    expect(byId).toMatchObject({ id: person, sight: 'existence', level: 'EH3' });
    for (const by of [asked, { ...asked, birthDate: '1980-02-04' }]) {
      const found = having(await search(supplier, 'persons', low, { ...by, limit: 1 }), 200).body;
      expect([found['items'], found['next']]).toEqual([[byId], null]);
    }
  });
});

describe('a legal representative', () => {
  const shown = (person: string, party: string, more: Json = {}): Json => ({
    ...{ type: 'representationCheck', about: { person }, party, register: 'tradeRegister', via: 'online', asOf: at(0) },
    ...{ outcome: 'found', basis: 'byName', agrees: true, limitation: 'none', sameDataAsIdentified: true },
    source: { name: 'trade-register', reference: 'extract-1' },
    ...more,
  });

  it('sees what is registered about the organization that a look on his intake shows him to represent (RIGHTS-02)', async () => {
    const { party, authorization, authority, employee } = await consumer();
    const director = await world.somebody();
    const without = await world.viewing(director);
    expect(await sightOf(supplier, without, 'authorizations', authorization)).toBe('nothing');
    const application = await world.intake('insight');
    await world.check(application, shown(director.person, party));
    const viewing = await world.viewing(director, { application });
    expect(ids(await everything(supplier, 'authorizations', viewing))).toEqual(sorted(authority, authorization));
    expect(await sightOf(supplier, viewing, 'means', employee.means)).toBe('indication');
    expect(await sightOf(supplier, viewing, 'persons', employee.person)).toBe('indication');
    // The register takes it back.
    await world.check(application, shown(director.person, party, { outcome: 'notFound' }));
    expect(await sightOf(supplier, viewing, 'authorizations', authorization)).toBe('nothing');
  });

  it('sees what was given to an intermediary that is his, and nothing else of who gave it (RIGHTS-02, VIS-05)', async () => {
    const of = await consumer();
    const intermediary = await world.party();
    const given = await world.authorization(of.party, intermediary);
    const administrator = await world.somebody();
    const authority = await world.authorization(intermediary, administrator, { authority: 'administration' });
    const viewing = await world.viewing(administrator);
    expect(sights(await everything(supplier, 'authorizations', viewing))).toEqual({
      [given]: 'whole',
      [authority]: 'whole',
    });
    expect(await sightOf(supplier, viewing, 'authorizations', of.authorization)).toBe('nothing');
    expect(await sightOf(supplier, viewing, 'persons', of.employee.person)).toBe('nothing');
  });
});

describe('who is authorized for the same consumer', () => {
  it('sees nothing of the others where there is an administrator (VIS-02)', async () => {
    const { party, employee } = await consumer();
    const colleague = await world.somebody();
    const authorization = await world.authorization(party, colleague);
    const viewing = await world.viewing(employee);
    for (const [kind, id] of [
      ['authorizations', authorization],
      ['persons', colleague.person],
    ] as const)
      expect(await sightOf(supplier, viewing, kind, id)).toBe('nothing');
  });

  it('sees who there is, in which role and at which level, where there is none (VIS-02, VIS-04)', async () => {
    const party = await world.party();
    const [one, other, low] = [await world.somebody(), await world.somebody(), await world.somebody(2)];
    const own = await world.authorization(party, one);
    const theirs = await world.authorization(party, other);
    await world.authorization(party, other, { until: 'revoked' });
    await world.authorization(party, await world.party());
    const atTwo = await world.authorization(party, low, { level: 2 });
    const viewing = await world.viewing(one);
    expect(sights(await everything(supplier, 'authorizations', viewing))).toEqual({
      ...{ [own]: 'whole', [theirs]: 'indication', [atTwo]: 'indication' },
    });
    const { body } = having(await supplier.get(viewedAt(`/v1/authorizations/${theirs}`, viewing)), 200);
    expect(body).toEqual({
      ...{ id: theirs, sight: 'indication', status: 'active', authority: 'regular', representedParty: party },
      ...{ level: 'EH3', pseudonym: `pseudonym of ${other.means}` },
    });
    const person = having(await supplier.get(viewedAt(`/v1/persons/${other.person}`, viewing)), 200).body;
    expect(Object.keys(person).sort()).toEqual(['familyName', 'givenNames', 'id', 'roles', 'sight']);
    expect(await everything(supplier, 'authorizations', viewing, { means: other.means })).toEqual([]);
    // Nor of what is of a higher level than his login.
    const beneath = await world.viewing(low);
    expect(sights(await everything(supplier, 'authorizations', beneath))).toEqual({ [atTwo]: 'whole' });
    expect(await sightOf(supplier, beneath, 'persons', other.person)).toBe('nothing');
  });

  it('is one of them by the means of his login behind any number by another of his (VIS-02)', async () => {
    const party = await world.party();
    const [one, colleague] = [await world.somebody(), await world.somebody()];
    await world.authorization(party, one);
    const theirs = await world.authorization(party, colleague);
    const other = { ...one, means: await world.means(one.person, 3) };
    for (let count = 0; count < 101; count += 1) await world.authorization(party, other);
    expect(await sightOf(supplier, await world.viewing(one), 'authorizations', theirs)).toBe('indication');
  });

  it('is not told of who acts for an entity of the TRR, which is shown to its own alone (REST-04)', async () => {
    const party = await world.party('restGroupEntity');
    const [one, other, administrator] = [await world.somebody(), await world.somebody(), await world.somebody()];
    const intermediary = await world.party();
    await world.authorization(intermediary, administrator, { authority: 'administration' });
    const own = await world.authorization(party, one);
    const theirs = await world.authorization(party, other);
    const given = await world.authorization(party, intermediary);
    const viewing = await world.viewing(one);
    expect(sights(await everything(supplier, 'authorizations', viewing))).toEqual({ [own]: 'whole' });
    expect(await sightOf(supplier, viewing, 'authorizations', theirs)).toBe('nothing');
    expect(await sightOf(supplier, await world.viewing(administrator), 'authorizations', given)).toBe('nothing');
  });
});

describe('a view', () => {
  it('crosses no service consumers, in no list and by no address (VIS-05, VIS-03)', async () => {
    const [one, other] = [await consumer(), await consumer()];
    const viewing = await world.viewing(one.administrator);
    for (const kind of ['authorizations', 'means'] as const) {
      const found = await everything(supplier, kind, viewing);
      expect(JSON.stringify(found)).not.toContain(other.party);
      expect(
        await everything(
          supplier,
          kind,
          viewing,
          kind === 'means' ? { party: other.party } : { representedParty: other.party },
        ),
      ).toEqual([]);
    }
    for (const [kind, id] of [
      ['authorizations', other.authorization],
      ['means', other.employee.means],
      ['persons', other.employee.person],
    ] as const) {
      const asked = await supplier.get(viewedAt(`/v1/${kind}/${id}`, viewing));
      const nobody = await supplier.get(viewedAt(`/v1/${kind}/${uuid('nobody')}`, viewing));
      // As of what was never there: its trace and its own address apart, by every byte.
      const told = ({ status, body }: Answer, named: string): unknown => [
        status,
        JSON.stringify({ ...body, instance: '' }).replaceAll(named, 'id'),
      ];
      expect(told(asked, id)).toEqual(told(nobody, uuid('nobody')));
      expect(asked.status).toBe(404);
    }
    // Whoever answers services is given no register at all.
    const network = await suite.client('network');
    expect((await network.get(viewedAt(`/v1/authorizations/${one.authorization}`, viewing))).status).toBe(403);
  });

  it('has full pages and an end that says nothing of what is not seen (VIS-05)', async () => {
    const { party, administrator, employee } = await consumer();
    const low = await world.somebody(2);
    const seen: string[] = [];
    for (let count = 0; count < 7; count += 1) {
      seen.push(await world.authorization(party, low, { level: 2 }));
      await world.authorization(party, employee);
    }
    const viewing = await world.viewing(low);
    expect(ids(await everything(supplier, 'authorizations', viewing, {}, 2))).toEqual(sorted(...seen));
    const last = having(await search(supplier, 'authorizations', viewing, { limit: 7 }), 200).body;
    expect([(last['items'] as Json[]).length, last['next']]).toEqual([7, null]);
    const list = { representedParty: party, status: 'active', endsBefore: at(3 * 365 * 86_400_000) };
    const all = await everything(supplier, 'authorizations', await world.viewing(administrator), list, 3);
    expect(all).toHaveLength(16);
    // A cursor is of its viewer.
    const first = having(await search(supplier, 'authorizations', viewing, { limit: 2 }), 200).body;
    const stolen = await search(supplier, 'authorizations', await world.viewing(employee), {
      ...{ limit: 2, cursor: first['next'] },
    });
    expect(faultsOf(stolen)).toEqual(['/cursor invalid-cursor']);
  });

  it('leaves a record before it is answered: who, by which login, of what, and what was shown (VIS-05)', async () => {
    const { administrator, authorization, employee, party } = await consumer();
    const stranger = await world.somebody();
    const [viewing, other] = [await world.viewing(administrator), await world.viewing(stranger)];
    const since = await suite.stores.records.head();
    await supplier.get(viewedAt(`/v1/authorizations/${authorization}`, viewing));
    await supplier.get(viewedAt(`/v1/authorizations/${authorization}`, other));
    await search(supplier, 'means', viewing, { party });
    await search(supplier, 'persons', viewing, { familyName: 'Jansen', birthDate: '1985-04-12' });
    await supplier.get(`/v1/authorizations/${authorization}`);
    const { items } = await suite.stores.records.read(since, 100);
    const records = items.map(({ bytes }) => JSON.parse(bytes) as Json);
    expect(records.map(({ kind, schemaVersion }) => [kind, schemaVersion])).toEqual(Array(4).fill(['reading', 3]));
    const about = (what: string, viewer: object, question: object, shown: readonly string[]) => ({
      ...{ what, viewer, question, shown },
      ...{ readAt: expect.any(String), subjects: expect.any(Array) },
      action: expect.objectContaining({ name: `read ${what}`, status: 'Ok' }),
    });
    expect(records.map(({ data }) => data)).toEqual([
      about('authorizations', viewing, { id: authorization }, [authorization]),
      about('authorizations', other, { id: authorization }, []),
      about('means', viewing, { party }, [employee.means]),
      about('persons', viewing, { by: 'name' }, [administrator.person]),
    ]);
    const subjects = records.map(({ data }) => (data as { readonly subjects: readonly string[] }).subjects);
    expect(subjects).toEqual([
      expect.arrayContaining([employee.person]),
      [],
      expect.arrayContaining([employee.person]),
      [administrator.person],
    ]);
    expect(JSON.stringify(records)).not.toContain('Jansen');
  });
});

describe('a search of people at use', () => {
  interface Found {
    readonly results: readonly { readonly id: string; readonly properties: Json }[];
    readonly page: { readonly next_token: string };
    readonly context: { readonly id: string };
  }
  const asked = async (
    party: string,
    context: Json,
    page: Json = {},
    { establishment, ...more }: { establishment?: string; level?: string; service?: string } = {},
  ): Promise<Answer> => {
    const network = await suite.client('network');
    const { number } = having(await supplier.get(`/v1/parties/${party}`), 200).body;
    return network.ask('/access/v1/search/subject', {
      subject: { type: 'means' },
      action: { name: 'represent', properties: { service: DUO, level: 'EH3', ...more } },
      resource: {
        ...{ type: 'organization', id: `kvk:${String(number)}` },
        ...(establishment === undefined ? {} : { properties: { establishment } }),
      },
      context: { ...context, authenticationService: SERVICE },
      page,
    });
  };
  const found = async (...of: Parameters<typeof asked>): Promise<Found> =>
    having(await asked(...of), 200).body as unknown as Found;
  const pseudonyms = ({ results }: Found): readonly string[] => results.map(({ id }) => id);
  const pseudonymOf = ({ means }: Somebody): string => `pseudonym of ${means}`;

  it('shows an administrator who may act, with the level, and on record by which login (VIS-01, VIS-03)', async () => {
    const { party, administrator, employee } = await consumer();
    const [colleague, low] = [await world.somebody(), await world.somebody(2)];
    await world.authorization(party, colleague);
    await world.authorization(party, low, { level: 2 });
    await world.authorization(party, await world.somebody(), { until: 'revoked' });
    const viewer = await world.viewing(administrator);
    const answer = await found(party, { viewer });
    expect(pseudonyms(answer)).toEqual([pseudonymOf(employee), pseudonymOf(colleague)].sort());
    expect(answer.results.map(({ properties }) => properties)).toEqual([{ level: 'EH3' }, { level: 'EH3' }]);
    const record = JSON.parse((await suite.stores.records.byId(answer.context.id))!.bytes) as {
      readonly data: { readonly body: Json };
    };
    expect(record.data.body['adl.core.request']).toMatchObject({ context: { viewer } });

    const first = await found(party, { viewer }, { limit: 1 });
    const rest = await found(party, { viewer }, { token: first.page.next_token });
    expect([...pseudonyms(first), ...pseudonyms(rest)]).toEqual(pseudonyms(answer));
    expect([first.page.next_token === '', rest.page.next_token]).toEqual([false, '']);
    const other = await world.viewing(colleague);
    const stolen = await asked(party, { viewer: other }, { token: first.page.next_token });
    expect(faultsOf(stolen)).toEqual(['/page/token invalid-cursor']);
  });

  it('judges nobody by an authorization that the viewer does not see (VIS-01, VIS-02, VIS-03)', async () => {
    const [own, other] = ['000037178598', '000037178601'];
    const [party, administrator, employee] = [
      await world.party(),
      await world.somebody(),
      await world.somebody(),
    ] as const;
    await world.authorization(party, administrator, { authority: 'administration', establishments: [own] });
    await world.authorization(party, employee, { establishments: [own] });
    const elsewhere = await world.authorization(party, employee, { establishments: [other] });
    const viewer = await world.viewing(administrator);
    const at = async (establishment: string, context: Json = { viewer }, level = 'EH3') =>
      (await found(party, context, {}, { establishment, level })).results;
    expect(await at(own)).toEqual([{ type: 'means', id: pseudonymOf(employee), properties: { level: 'EH3' } }]);
    expect(await at(other)).toEqual([]);
    expect(await at(own, { viewer, via: elsewhere })).toEqual([]);

    // What a colleague has of a higher level than the viewer's login is not what makes him one who may act.
    const [shared, one, colleague] = [await world.party(), await world.somebody(), await world.somebody()] as const;
    await world.authorization(shared, one);
    await world.authorization(shared, colleague, { level: 2 });
    const above = await world.authorization(shared, colleague, { data: { m: 4, eh: 'EH4', eidas: 'high' } });
    const beneath = await world.viewing(one);
    expect(await sightOf(supplier, beneath, 'authorizations', above)).toBe('nothing');
    expect(pseudonyms(await found(shared, { viewer: beneath }))).toEqual([pseudonymOf(one)]);
  });

  it('says nothing of what somebody could do through an intermediary (VIS-05)', async () => {
    const { party, administrator, employee } = await consumer();
    const [intermediary, low] = [await world.party(), await world.somebody()] as const;
    await world.authorization(party, intermediary, {
      data: { nature: { rightOfSubstitution: true, actsIndependently: true } },
    });
    // Of his own he has one of a low level; by that of the intermediary he could do more.
    await world.authorization(party, low, { level: 2 });
    await world.authorization(intermediary, low);
    const viewer = await world.viewing(administrator);
    const asked = { service: CHAINED_SERVICE, level: 'EH3' };
    expect(pseudonyms(await found(party, { viewer }, {}, asked))).toEqual([pseudonymOf(employee)]);
  });

  it('names nobody to anybody else, and nobody of another consumer (VIS-03, VIS-05)', async () => {
    const [one, other] = [await consumer(), await consumer()];
    const viewer = await world.viewing(one.administrator);
    expect(pseudonyms(await found(other.party, { viewer }))).toEqual([]);
    expect(pseudonyms(await found(one.party, {}))).toEqual([]);
    expect(pseudonyms(await found(one.party, { viewer: await world.viewing(await world.somebody()) }))).toEqual([]);
    const low = await world.viewing(one.administrator, { level: 'EH2' });
    expect(pseudonyms(await found(one.party, { viewer: low }))).toEqual([]);
    expect(pseudonyms(await found(one.party, { viewer: await world.viewing(one.employee) }))).toEqual([
      pseudonymOf(one.employee),
    ]);
    const unknown = { ...viewer, person: uuid('nobody') };
    expect(pseudonyms(await found(one.party, { viewer: unknown }))).toEqual([]);
    const since = await suite.stores.records.head();
    const foreign = { ...viewer, person: other.administrator.person };
    expect(pseudonyms(await found(one.party, { viewer: foreign }))).toEqual([]);
    const { items } = await suite.stores.records.read(since, 100);
    expect(items.map(({ kind }) => kind)).toEqual(['refusal', 'decision']);
  });
});

describe('a login that does not hold', () => {
  const asked = async (viewing: Viewing): Promise<readonly Answer[]> => [
    await supplier.get(viewedAt(`/v1/authorizations/${uuid('auth')}`, viewing)),
    await supplier.get(viewedAt(`/v1/means/${uuid('means')}`, viewing)),
    await supplier.get(viewedAt(`/v1/persons/${uuid('person')}`, viewing)),
    await search(supplier, 'authorizations', viewing),
    await search(supplier, 'means', viewing),
    await search(supplier, 'persons', viewing, { familyName: 'Jansen', birthDate: '1985-04-12' }),
  ];
  const reasons = ({ body }: Answer): readonly unknown[] =>
    (body['errors'] as readonly Json[]).map(({ code, why }) =>
      why === undefined ? code : `${String(code)} ${String(why)}`,
    );

  it.each<[string, () => Promise<Viewing>, readonly string[]]>([
    [
      'is another person’s',
      async () => ({ ...(await world.viewing(await world.somebody())), person: (await world.somebody()).person }),
      ['viewer-login-refused login-of-another-person'],
    ],
    [
      'is on an intake for something else, of another person',
      async () => ({
        ...(await world.viewing(await world.somebody(), { purposes: ['change', 'revocation'] })),
        person: (await world.somebody()).person,
      }),
      ['purpose-not-in-application', 'viewer-login-refused login-of-another-person'],
    ],
    [
      'was made long before',
      async () => world.viewing(await world.somebody(), { more: { at: at(-3 * 3_600_000) } }),
      ['viewer-login-refused older-than-a-session', 'viewer-login-refused login-outside-session'],
    ],
    [
      'is with a means that was revoked',
      async () => {
        const who = await world.somebody();
        const viewing = await world.viewing(who);
        await suite.record('means', who.means, {
          type: 'MeansRevoked',
          data: { means: who.means, revocationRequest: uuid('revoke'), revokedAt: at(0) },
        });
        return viewing;
      },
      ['viewer-login-refused means-not-active'],
    ],
    [
      'rests on an assertion that nobody validated',
      async () => {
        const who = await world.somebody();
        const application = await world.intake('insight');
        const signature = (revocationStatus: string): Json => ({
          type: 'eSignatureValidation',
          about: { person: who.person },
          signature: { technology: 'pki', chainComplete: true, revocationStatus },
        });
        const signatureValidation = await world.check(application, signature('good'));
        const assertion = { reference: `assertion-1-${application.slice(0, 8)}`, signatureValidation };
        const authentication = await world.check(application, {
          ...{ type: 'authentication', about: { person: who.person }, level: 'EH3', at: at(0), assertion },
        });
        // Taken back by a later answer to the same question.
        await world.check(application, signature('revoked'));
        return { person: who.person, authentication };
      },
      ['viewer-login-refused assertion-not-validated'],
    ],
    [
      'is no login',
      async () => {
        const { person } = await world.somebody();
        const application = await world.intake('insight');
        const facts = { type: 'identityAttributesRecorded', about: { person }, uniquelyIdentifying: true };
        return { person, authentication: await world.check(application, facts) };
      },
      ['viewer-login-refused not-a-login'],
    ],
  ])(
    'because it %s is refused, with every reason, on record (RIGHTS-07, PROOF-06)',
    async (_why, viewing, expected) => {
      const viewer = await viewing();
      const since = await suite.stores.records.head();
      const answers = await asked(viewer);
      for (const answer of answers) expect([answer.status, reasons(answer)]).toEqual([409, expected]);
      expect(answers.map(({ body }) => (body['errors'] as Json[])[0]!['pointer'])).toEqual([
        ...Array<string>(3).fill('/viewerLogin'),
        ...Array<string>(3).fill('/viewer/authentication'),
      ]);
      const { items } = await suite.stores.records.read(since, 100);
      expect(items.map(({ kind }) => kind)).toEqual(Array(6).fill('refusal'));
    },
  );

  it('names a person and a check that are unknown together, without a record', async () => {
    const since = await suite.stores.records.head();
    const answers = await asked({ person: uuid('nobody'), authentication: uuid('none') });
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(400));
    expect(faultsOf(answers[0]!)).toEqual(['query /viewer unknown-person', 'query /viewerLogin unknown-check']);
    expect(faultsOf(answers[3]!)).toEqual(['/viewer/authentication unknown-check', '/viewer/person unknown-person']);
    expect(await suite.stores.records.head()).toBe(since);
  });

  it.each([
    ['?viewer=no-id', ['query /viewer invalid-value', 'query /viewerLogin required']],
    [`?viewerLogin=${uuid('check')}`, ['query /viewer required']],
    [
      `?viewer=${uuid('a')}&viewer=${uuid('b')}&viewerLogin=${uuid('check')}&who=me`,
      ['query /viewer invalid-value', 'query /who unknown-member'],
    ],
  ])('is asked for in whole: %s', async (query, expected) => {
    for (const kind of ['authorizations', 'means', 'persons']) {
      const answer = having(await supplier.get(`/v1/${kind}/${uuid('auth')}${query}`), 400);
      expect(faultsOf(answer)).toEqual(expected);
    }
  });

  it('holds for no longer than a session (PROOF-06)', async () => {
    const { administrator, authorization } = await consumer();
    const viewing = await world.viewing(administrator);
    suite.pass(2 * 3_600_000 - 60_000);
    expect(await sightOf(supplier, viewing, 'authorizations', authorization)).toBe('whole');
    suite.pass(61_000);
    for (const answer of await asked(viewing))
      expect([answer.status, reasons(answer)]).toEqual([409, ['viewer-login-refused older-than-a-session']]);
  });
});
