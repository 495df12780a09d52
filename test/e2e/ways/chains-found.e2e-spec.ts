import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seed, type GovernanceData } from '#libs/application';
import type { Instant } from '#libs/kernel';
import { paperRegistration, uuid } from '#libs/testing';
import type { Json } from '../support/api.js';
import { at } from '../support/case.js';
import { having, type Client } from '../support/client.js';
import { startMemorySuite, type MemorySuite } from '../support/memory-suite.js';
import { worldOn, type Viewing, type World } from '../support/viewers.js';
import { DAY } from './support/register-anew.js';
import { party } from './support/stage.js';

/**
 * What discovery of chains tells, and to whom: the links that use would admit, held against use itself, and an entity of the
 * TRR to nobody but its own (CHAIN-14, REST-04).
 */

const PAST = '2020-01-01T00:00:00.000Z' as Instant;
const since = (level: 'EH1' | 'EH2' | 'EH2+' | 'EH4') => [{ from: PAST, level }];
const service = (id: string, more: Partial<GovernanceData['services'][number]> = {}) => ({
  ...{ id: `urn:service:${id}`, name: id, provider: 'p1', providerName: 'One' },
  ...{ chainSupported: true, minimumLevels: since('EH2') },
  ...more,
});
const TAX = { ofTaxAdministration: true } as const;
const SERVICES = [
  service('plain', { groups: [{ id: 'g1', since: PAST }] }),
  service('low', { minimumLevels: since('EH1') }),
  service('high', { minimumLevels: since('EH4') }),
  service('without-level', { minimumLevels: [] }),
  service('phased-out', { provider: 'p2', minimumLevels: since('EH2+') }),
  service('no-chains', { chainSupported: false }),
  service('withdrawn', { withdrawnFrom: PAST }),
  service('tax', { ...TAX, minimumLevels: since('EH2+') }),
  service('tax-low', { ...TAX, minimumLevels: since('EH1') }),
];
const data: GovernanceData = {
  ...seed,
  services: SERVICES,
  levelPolicy: [{ level: 'EH3', usableUntil: PAST, provider: 'p2' }],
};

let memory: MemorySuite;
let client: Client;
let network: Client;
let world: World;

beforeAll(async () => {
  memory = await startMemorySuite({ data });
  [client, network] = await Promise.all([memory.client('supplier'), memory.client('network')]);
  world = await worldOn(memory, client);
});
afterAll(() => memory.end());

const named = (id: string): string => `urn:service:${id}`;
const passedOn = { nature: { rightOfSubstitution: true, actsIndependently: true } } as const;
const nowhere = { all: false, services: [], groups: [] };

const organizationOf = async (id: string): Promise<string> => {
  const { register, number } = having(await client.get(`/v1/parties/${id}`), 200).body as Record<string, string>;
  return `${register}:${number}`;
};
const link = (from: string, office: string, more: Json = {}, isActive = true): Promise<string> =>
  world.authorization(from, office, {
    data: { ...passedOn, ...more },
    until: isActive ? 'active' : 'awaitingActivation',
  });

async function search(office: string, of: string, more: Json = {}): Promise<Json> {
  const body = { intermediary: await organizationOf(office), service: named(of), ...more };
  return having(await client.ask('/v1/chains/_search', body), 200).body;
}
const foundIn = ({ items }: Json): readonly unknown[] =>
  (items as readonly Json[]).map(({ authorization }) => authorization);
const found = async (office: string, of: string, more: Json = {}): Promise<readonly unknown[]> =>
  foundIn(await search(office, of, { limit: 100, ...more }));

/** Who manages all of an organization, viewing. */
async function managerOf(...parties: readonly string[]): Promise<Viewing> {
  const somebody = await world.somebody();
  for (const one of parties) await world.authorization(one, somebody, { authority: 'administration' });
  return world.viewing(somebody);
}
const readings = async (): Promise<readonly Json[]> => {
  const page = await memory.stores.records.read(0n, 1_000);
  return page.items.map(({ bytes }) => JSON.parse(bytes) as Json).filter(({ kind }) => kind === 'reading');
};

describe('an entity of the TRR', () => {
  it('is told to nobody who does not say who views, whatever service he names: not by a page either (REST-04)', async () => {
    const office = await party(client, 'privateLegalPerson');
    const entity = await party(client, 'restGroupEntity');
    await link(entity, office);
    const plain = await link(await party(client, 'undertaking'), office);
    await link(entity, office);
    for (const asked of ['tax', 'plain']) {
      // Nothing comes after it, and nothing before: as if the entity were not there.
      expect(await search(office, asked, { limit: 1 })).toMatchObject({
        items: [{ authorization: plain }],
        next: null,
      });
    }
    const alone = await party(client, 'privateLegalPerson');
    for (let n = 0; n < 3; n++) await link(entity, alone);
    expect(await search(alone, 'tax', { limit: 1 })).toEqual({ items: [], next: null });
  });

  it('is told to its own, at the Tax Administration; who manages the intermediary sees the others (REST-04, VIS-05)', async () => {
    const office = await party(client, 'privateLegalPerson');
    const [entity, other] = [await party(client, 'restGroupEntity'), await party(client, 'undertaking')];
    const [hidden, plain] = [await link(entity, office), await link(other, office)];
    const [own, theirs] = [await managerOf(entity), await managerOf(office)];
    expect(await found(office, 'tax', { viewer: own })).toEqual([hidden]);
    expect(await found(office, 'plain', { viewer: own })).toEqual([]);
    expect(await search(office, 'tax', { viewer: theirs, limit: 1 })).toMatchObject({
      items: [{ representedParty: await organizationOf(other), authorization: plain }],
      next: null,
    });
    const stranger = await world.viewing(await world.somebody());
    expect(await search(office, 'tax', { viewer: stranger })).toEqual({ items: [], next: null });
  });

  it('at a service of EH1 needs its scope (REST-04, CONT-08)', async () => {
    const office = await party(client, 'privateLegalPerson');
    const [entity, other] = [await party(client, 'restGroupEntity'), await party(client, 'undertaking')];
    const viewer = await managerOf(entity, other);
    const elsewhere = { scope: { ...nowhere, services: [named('plain')] } };
    const covered = await link(entity, office, { scope: { ...nowhere, services: [named('tax-low')] } });
    await link(entity, office, elsewhere);
    const plain = await link(other, office, elsewhere);
    expect(await found(office, 'tax-low', { viewer })).toEqual([plain, covered]);
  });
});

describe('a search of chains with a viewer', () => {
  it('leaves a record of what was shown before it is answered, without one none (VIS-05, USE-04)', async () => {
    const office = await party(client, 'privateLegalPerson');
    const shown = await link(await party(client, 'undertaking'), office);
    const viewer = await managerOf(office);
    const before = await readings();
    await search(office, 'plain');
    expect(await readings()).toEqual(before);
    await search(office, 'plain', { viewer });
    await search(office, 'high', { viewer });
    const left = (await readings()).slice(before.length);
    expect(left.map(({ data: said }) => said)).toMatchObject([
      { what: 'chains', viewer, question: { authorizedParty: office, service: named('plain') }, shown: [shown] },
      { what: 'chains', viewer, question: { authorizedParty: office, service: named('high') }, shown: [] },
    ]);
  });

  it('is refused by a login that does not show who views', async () => {
    const office = await organizationOf(await party(client, 'privateLegalPerson'));
    const [one, other] = [await world.viewing(await world.somebody()), await world.somebody()];
    const viewer = { ...one, person: other.person };
    const answer = await client.ask('/v1/chains/_search', {
      ...{ intermediary: office, service: named('plain') },
      viewer,
    });
    expect([answer.status, answer.body['errors']]).toMatchObject([
      409,
      [{ code: 'viewer-login-refused', pointer: '/viewer/authentication' }],
    ]);
  });

  it('goes on with the cursor of that viewer alone, in full pages', async () => {
    const office = await party(client, 'privateLegalPerson');
    const viewer = await managerOf(office);
    const links: string[] = [];
    for (let n = 0; n < 3; n++) links.unshift(await link(await party(client, 'undertaking'), office));
    const first = await search(office, 'plain', { viewer, limit: 2 });
    expect(foundIn(first)).toEqual(links.slice(0, 2));
    const rest = { limit: 2, cursor: first['next'] };
    expect(await search(office, 'plain', { viewer, ...rest })).toMatchObject({ items: [{}], next: null });
    const body = { intermediary: await organizationOf(office), service: named('plain'), ...rest };
    expect((await client.ask('/v1/chains/_search', body)).body).toMatchObject({ code: 'invalid-cursor' });
  });
});

describe('a link that is found', () => {
  it('is none that is for the clients of the represented party alone, or an authority to administer (CONT-05)', async () => {
    const [office, client1] = [await party(client, 'privateLegalPerson'), await party(client, 'undertaking')];
    await link(client1, office, { forThirdParties: true });
    await link(client1, office, { authority: 'administration' });
    expect(await found(office, 'plain')).toEqual([]);
  });

  it('is for no service without a minimum level, and for none above what it can carry (LVL-04, CHAIN-02)', async () => {
    const [office, client1] = [await party(client, 'privateLegalPerson'), await party(client, 'undertaking')];
    const of = await link(client1, office, { m: 3 });
    const higher = await link(client1, office, { m: 4 });
    expect(await found(office, 'without-level')).toEqual([]);
    expect(await found(office, 'plain')).toEqual([higher, of]);
    expect(await found(office, 'high')).toEqual([higher]);
  });

  /** A register is in order for most, or hardly anything would be a yes. */
  const mostly = <Usual, Other>(usual: Usual, ...others: readonly Other[]): fc.Arbitrary<Usual | Other> =>
    fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
  const given = fc.record({
    isRestGroup: fc.boolean(),
    m: fc.constantFrom(1, 2, 3, 4),
    submitterLevel: mostly(null, 'EH2'),
    active: mostly(true, false),
    authority: mostly('regular', 'administration'),
    from: mostly(-30, 3),
    until: mostly(30, -1),
    scope: fc.constantFrom(
      { ...nowhere, all: true },
      { ...nowhere, services: [named('plain'), named('tax-low')] },
      { ...nowhere, groups: [{ id: 'g1', includesLaterServices: false }] },
      nowhere,
    ),
    establishments: mostly(undefined, ['000037178598']),
    forThirdParties: mostly(false, true),
    rightOfSubstitution: mostly(true, false),
    actsIndependently: mostly(true, false),
    onlyForClients: mostly(undefined, ['somebody-else']),
  });
  type Given = typeof given extends fc.Arbitrary<infer Value> ? Value : never;

  /** Own people of an intermediary at every level, for everything: one of each way to a yes. */
  async function peopleOf(office: string): Promise<readonly string[]> {
    const pseudonyms: string[] = [];
    let cards = 0;
    for (const stork of [4, 3, 2] as const) {
      for (const m of [4, 3, 2] as const) {
        const somebody = {
          person: (await world.somebody()).person,
          means: uuid('means', 9_000 + ++cards),
          stork: 3,
        } as const;
        const [applied, ...others] = paperRegistration.meansFacts(somebody.means, somebody.person, 'active', { stork });
        const product = stork === 4 ? 'certificate-card' : 'password-sms';
        await memory.record(
          'means',
          somebody.means,
          { ...applied!, data: { ...applied!.data, product } } as never,
          ...others,
        );
        await world.authorization(office, somebody, { data: { m } });
        pseudonyms.push(`pseudonym of ${somebody.means}`);
      }
    }
    return pseudonyms;
  }

  it('is every one by which somebody of the intermediary is answered yes at use, and no other (CHAIN-12, CHAIN-14)', async () => {
    let [admitted, refused] = [0, 0];
    const office = await party(client, 'privateLegalPerson');
    const people = await peopleOf(office);
    const clients = [await party(client, 'undertaking'), await party(client, 'publicLegalPerson')];
    const entities = [await party(client, 'restGroupEntity'), await party(client, 'restGroupEntity')];
    const viewer = await managerOf(...clients, ...entities);
    const organizations = new Map<string, string>();
    for (const one of [...clients, ...entities]) organizations.set(one, await organizationOf(one));

    const written = async (of: Given, place: number): Promise<readonly [Given, string, string]> => {
      const { isRestGroup, active, from, until, rightOfSubstitution, actsIndependently, ...rest } = of;
      const { establishments, onlyForClients, ...more } = rest;
      const represented = (isRestGroup ? entities : clients)[place % 2]!;
      const id = await link(
        represented,
        office,
        {
          ...more,
          ...(establishments === undefined ? {} : { establishments }),
          ...(onlyForClients === undefined ? {} : { onlyForClients }),
          nature: { rightOfSubstitution, actsIndependently },
          ...{ validFrom: at(from * DAY), validUntil: at(until * DAY) },
        },
        active,
      );
      return [of, id, represented];
    };
    const isAdmitted = async (of: string, id: string, represented: string, establishment: string | undefined) => {
      const body = {
        action: { name: 'represent', properties: { service: named(of) } },
        resource: {
          ...{ type: 'organization', id: organizations.get(represented) },
          ...(establishment === undefined ? {} : { properties: { establishment } }),
        },
        context: { via: id },
        evaluations: people.map((pseudonym) => ({ subject: { type: 'means', id: pseudonym } })),
        options: { evaluations_semantic: 'permit_on_first_permit' },
      };
      const answer = having(await network.ask('/access/v1/evaluations', body), 200).body;
      return (answer['evaluations'] as readonly Json[]).some(({ decision }) => decision === true);
    };

    await fc.assert(
      fc.asyncProperty(fc.array(given, { minLength: 3, maxLength: 6 }), async (register) => {
        const links: (readonly [Given, string, string])[] = [];
        for (const [place, one] of register.entries()) links.push(await written(one, place));
        await memory.backbone.visibility.everywhere(await memory.stores.feed.head());
        for (const { id: of } of SERVICES) {
          const name = of.slice(named('').length);
          const [plain, seen] = [new Set(await found(office, name)), new Set(await found(office, name, { viewer }))];
          for (const [one, id, represented] of links) {
            const isYes = await isAdmitted(name, id, represented, one.establishments?.[0]);
            if (isYes) admitted++;
            else refused++;
            const told = { service: name, link: one, isFound: isYes && !one.isRestGroup };
            expect({ ...told, isFound: plain.has(id) }).toEqual(told);
            // His login shows him what is at EH3 and below.
            expect({ ...told, isFound: seen.has(id) }).toEqual({ ...told, isFound: isYes && one.m < 4 });
          }
        }
        // A small register: what was drawn before stands in no list of the next.
        for (const [, id] of links) {
          const data = { authorization: id, revocationRequest: uuid('revoke'), revokedAt: at(0) };
          await memory.record('authorization', id, { type: 'AuthorizationRevoked', data });
        }
      }),
      { numRuns: 8, seed: 14 },
    );
    expect([admitted > 20, refused > 20]).toEqual([true, true]);
  });
});
