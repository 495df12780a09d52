import { uuid, paperRegistration } from '#libs/testing';
import type { Json } from './api.js';
import { at } from './case.js';
import { having, type Answer, type Client } from './client.js';
import type { MemorySuite } from './memory-suite.js';

/*
 * A register with facts written straight to it, and people who view it. The register's own clock says what is valid, so
 * that what is written is valid for years around now.
 */

const YEAR = 365 * 86_400_000;
export const SERVICE = 'authentication-service-1';

let numbers = 0;
const fresh = (kind: string): string => uuid(kind, ++numbers);

export interface Viewing {
  readonly person: string;
  readonly authentication: string;
}

/** Somebody with one active means. */
export interface Somebody {
  readonly person: string;
  readonly means: string;
  readonly stork: 1 | 2 | 3 | 4;
}

export interface World {
  party(kind?: 'privateLegalPerson' | 'restGroupEntity'): Promise<string>;
  somebody(stork?: 2 | 3, party?: string): Promise<Somebody>;
  /** One more means of the same person. */
  means(person: string, stork: 2 | 3, party?: string, until?: 'applied' | 'active' | 'revoked'): Promise<string>;
  /** Who may act for the party; level 2 is EH2, 3 EH3. */
  authorization(party: string, to: Somebody | string, more?: Authorized): Promise<string>;
  /** An intake for insight with a login on it. */
  viewing(who: Somebody, more?: LoggedIn): Promise<Viewing>;
  /** An intake of that purpose. */
  intake(...purposes: readonly string[]): Promise<string>;
  check(application: string, facts: Json): Promise<string>;
}

export interface Authorized {
  readonly level?: 2 | 3;
  readonly authority?: 'administration';
  readonly establishments?: readonly string[];
  readonly until?: 'awaitingActivation' | 'active' | 'revoked';
  readonly data?: Json;
}

export interface LoggedIn {
  readonly level?: string;
  readonly more?: Json;
  readonly purposes?: readonly string[];
  readonly about?: string;
  readonly application?: string;
}

export async function worldOn({ record }: MemorySuite, client: Client): Promise<World> {
  const { application } = paperRegistration.ids;
  const received = {
    channel: 'nonElectronic',
    receivedAt: paperRegistration.receivedAt,
    purposes: ['means'],
    late: false,
  };
  await record('application', application, { type: 'ApplicationReceived', data: { application, ...received } });
  const intake: World['intake'] = async (...purposes) => {
    const body = { channel: 'electronic', medium: 'other', receivedAt: at(0), purposes };
    return having(await client.command('/v1/applications', body), 201).body['id'] as string;
  };
  const check: World['check'] = async (application, facts) => {
    const told = {
      application,
      performedAt: at(0),
      performedBy: { clerk: 'clerk-17' },
      source: { name: SERVICE, reference: `assertion-1-${application.slice(0, 8)}` },
      ...facts,
    };
    return having(await client.command('/v1/checks', told), 201).body['id'] as string;
  };
  const means: World['means'] = async (person, stork, party, until = 'active') => {
    const id = fresh('means');
    const facts = paperRegistration.meansFacts(id, person, until, { stork });
    const [applied, ...others] = facts;
    const forParty = { ...applied!, data: { ...applied!.data, ...(party === undefined ? {} : { party }) } };
    await record('means', id, forParty as never, ...others);
    return id;
  };
  return {
    intake,
    check,
    means,

    async party(kind = 'privateLegalPerson') {
      const id = fresh('party');
      const register = kind === 'restGroupEntity' ? 'trr' : 'kvk';
      const number = kind === 'restGroupEntity' ? `T-${numbers}` : String(90_000_000 + numbers);
      await record('party', id, {
        type: 'PartyRegistered',
        data: { party: id, kind, register, number, publicDetails: { name: `Test organization ${numbers}` } },
      });
      return id;
    },

    async somebody(stork = 3, party) {
      const person = fresh('person');
      await record('person', person, ...paperRegistration.personFacts(person, fresh('doc')));
      return { person, stork, means: await means(person, stork, party) };
    },

    async authorization(party, to, { level = 3, authority = 'regular', establishments, until = 'active', data } = {}) {
      const id = fresh('auth');
      const facts = {
        representedParty: party,
        authority,
        authorizedParty:
          typeof to === 'string'
            ? { party: to }
            : { person: to.person, means: to.means, pseudonym: `pseudonym of ${to.means}` },
        ...(establishments === undefined ? {} : { establishments }),
        ...(level === 2 ? { m: 2, eh: 'EH2', eidas: 'low' } : {}),
        ...(typeof to === 'string' ? { eh: null, eidas: null } : { displayConsent: true, displayPermitted: true }),
        validFrom: at(-YEAR),
        validUntil: at(2 * YEAR),
        ...data,
      };
      await record('authorization', id, ...paperRegistration.authorizationFacts(id, facts as never, until));
      return id;
    },

    async viewing(who, { level = `EH${who.stork}`, more, purposes = ['insight'], about, application } = {}) {
      const own = application ?? (await intake(...purposes));
      const login = {
        type: 'authentication',
        about: { person: about ?? who.person },
        means: who.means,
        level,
        at: at(0),
        authenticationService: SERVICE,
        ...more,
      };
      return { person: who.person, authentication: await check(own, login) };
    },
  };
}

export const viewedAt = (path: string, { person, authentication }: Viewing): string =>
  `${path}?viewer=${person}&viewerLogin=${authentication}`;

export type Kind = 'authorizations' | 'means' | 'persons';

/** What a viewer is shown of an object: all of it, less, or nothing. */
export async function sightOf(client: Client, viewing: Viewing, kind: Kind, id: string): Promise<string> {
  const answer = await client.get(viewedAt(`/v1/${kind}/${id}`, viewing));
  return answer.status === 404 ? 'nothing' : sightIn(having(answer, 200).body);
}

export const sightIn = (item: Json): string => (item['sight'] as string | undefined) ?? 'whole';

export const search = (client: Client, kind: Kind, viewer: Viewing, filter: Json = {}): Promise<Answer> =>
  client.ask(`/v1/${kind}/_search`, { viewer, ...filter });

/** Everything that a viewer finds, page by page; each page but the last is full, and says so. */
export async function everything(
  client: Client,
  kind: Kind,
  viewer: Viewing,
  filter: Json = {},
  limit = 100,
): Promise<readonly Json[]> {
  const items: Json[] = [];
  for (let cursor: string | null = null; ;) {
    const more: Json = cursor === null ? {} : { cursor };
    const { body } = having(await search(client, kind, viewer, { ...filter, limit, ...more }), 200);
    const page = body['items'] as readonly Json[];
    items.push(...page);
    cursor = body['next'] as string | null;
    if (cursor === null) return items;
    if (page.length < limit) throw new Error(`a page of ${page.length} says that there is more`);
  }
}

/** Id and sight of each. */
export const sights = (items: readonly Json[]): Json =>
  Object.fromEntries(items.map((item) => [item['id'] as string, sightIn(item)]));
