import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seed } from '#libs/application';
import type { AuthorizationRegistered } from '#libs/domain';
import { later, type AuthorizationId, type MeansId, type PartyId, type Pseudonym } from '#libs/kernel';
import type { EhLevel } from '#libs/scheme';
import { until } from '../support/until.js';
import { memoryRegister, type MemoryRegister } from './register.js';
import { serve, type Serving } from './serve.js';

/** Chains at use: what each link that is on record lets the person do for the consumer, over HTTP. */

const UWV = 'urn:etoegang:DV:00000099800000002000:services:1';
const TAX = 'urn:etoegang:DV:00000099800000003000:services:1';
/** Asks EH1. */
const LOW = 'urn:etoegang:DV:00000099800000002000:services:9';
const ESTABLISHMENT = '000037178598';

type Content = Partial<AuthorizationRegistered['data']> & { readonly active?: boolean };

/** A consumer, its link to an intermediary, and the intermediary's to a person. */
interface Chain {
  readonly consumer: string;
  readonly office: string;
  readonly person: { readonly means: MeansId; readonly pseudonym: Pseudonym };
  readonly first: AuthorizationId;
  readonly last: AuthorizationId;
}

interface Question {
  readonly level?: string;
  readonly service?: string;
  readonly establishment?: string;
  /** Who is represented; the consumer. */
  readonly organization?: string;
}

let register: MemoryRegister;
let serving: Serving;

beforeAll(async () => {
  // Levels that have not ended, and a service at the lowest: what is left are the rules about chains.
  const at = (level: EhLevel) => (service: (typeof seed.services)[number]) => ({
    ...service,
    minimumLevels: service.minimumLevels.map((entry) => ({ ...entry, level })),
  });
  const uwv = seed.services.find(({ id }) => id === UWV)!;
  const services = [...seed.services.map(at('EH2')), { ...at('EH1')(uwv), id: LOW }];
  register = await memoryRegister({ data: { ...seed, services, levelPolicy: [] } });
  serving = await serve(register);
});
afterAll(async () => {
  await serving.stop();
  await register.close();
});

let numbers = 69_000_000;
async function party(): Promise<{ readonly id: PartyId; readonly number: string }> {
  const number = String((numbers += 1));
  return { id: await register.party(number), number: `kvk:${number}` };
}

const PASSED_ON = { nature: { rightOfSubstitution: true, actsIndependently: true } };

async function chain(
  first: Content | ((ids: Ids) => Content) = {},
  last: Content | ((ids: Ids) => Content) = {},
): Promise<Chain> {
  const [consumer, office, other] = [await party(), await party(), await party()];
  const person = await register.means();
  const ids = { consumer: consumer.id, other: other.id };
  const of = (content: typeof first): Content => (typeof content === 'function' ? content(ids) : content);
  return {
    ...{ consumer: consumer.number, office: office.number, person },
    first: await register.authorize(consumer.id, { party: office.id }, { ...PASSED_ON, ...of(first) }),
    last: await register.authorize(office.id, person, of(last)),
  };
}
interface Ids {
  readonly consumer: PartyId;
  readonly other: PartyId;
}

interface Answer {
  readonly decision: boolean;
  readonly context: {
    readonly id: string;
    readonly level: string | null;
    readonly reasons: readonly { readonly code: string }[];
    readonly path?: readonly string[];
  };
}

async function ask(
  of: Chain,
  { level = 'EH2', service = UWV, establishment, organization }: Question,
): Promise<Answer> {
  const response = await serving.post('/access/v1/evaluation', {
    subject: { type: 'means', id: of.person.pseudonym },
    action: { name: 'represent', properties: { service, level } },
    resource: {
      ...{ type: 'organization', id: organization ?? of.consumer },
      ...(establishment === undefined ? {} : { properties: { establishment } }),
    },
    context: { authenticationService: 'authentication-service-1' },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

/** The level of a yes, or the reasons of a no, once the index knows both links. */
async function answered(of: Chain, question: Question = {}): Promise<unknown> {
  await followed();
  const { decision, context } = await ask(of, question);
  return decision ? context.level : context.reasons.map(({ code }) => code);
}

/** What was recorded last is what is answered by. */
async function followed(): Promise<void> {
  const probe = await register.means();
  const { id, number } = await party();
  await register.authorize(id, probe);
  const of = { consumer: number, person: probe } as Chain;
  await until('decisions follow what was recorded', async () => (await ask(of, {})).decision);
}

describe('a chain that is on record', () => {
  it('is a yes by both of its links (CHAIN-01, CHAIN-12)', async () => {
    const of = await chain();
    await followed();
    expect(await ask(of, {})).toMatchObject({
      decision: true,
      context: { level: 'EH3', path: [of.first, of.last] },
    });
  });

  it('counts as use of each of its links, also where less is asked than it reaches (USE-02, NONUSE-04)', async () => {
    const of = await chain();
    await followed();
    const { context } = await ask(of, { level: 'EH2' });
    const { data } = JSON.parse((await register.backbone.records.byId(context.id))!.bytes) as {
      readonly data: unknown;
    };
    expect(data).toMatchObject({
      attributes: { 'waarborg.use': true },
      body: { 'adl.core.information': { path: [{ authorization: of.first }, { authorization: of.last }] } },
    });
  });

  it.each<readonly [link: string, first: Content, last: Content]>([
    ['the intermediary’s', { m: 2 }, {}],
    ['the person’s', {}, { m: 2, eh: 'EH2+' }],
  ])('is at the level of its weakest link, here %s (CHAIN-02)', async (_link, first, last) => {
    const of = await chain(first, last);
    expect(await answered(of)).toBe('EH2+');
    expect(await answered(of, { level: 'EH3' })).toEqual(['level-too-low']);
  });

  it('asks EH2 of its person, though its service and its other link are at EH1 (CHAIN-03)', async () => {
    const low = await chain({}, { m: 1, eh: 'EH1' });
    const asked = { level: 'EH1', service: LOW };
    expect(await answered(low, asked)).toEqual(['chain-needs-EH2']);
    expect(await answered(low, { ...asked, organization: low.office })).toBe('EH1');
    expect(await answered(await chain({ m: 1 }), asked)).toBe('EH1');
  });

  it('is none where substitution was not granted, to the intermediary (CHAIN-04)', async () => {
    const nature = { rightOfSubstitution: false, actsIndependently: true };
    expect(await answered(await chain({ nature }))).toEqual(['substitution-not-granted']);
    expect(await answered(await chain({}, { nature }))).toBe('EH3');
  });

  it('lets a person who acts for clients act for them, and not for the intermediary itself (CHAIN-05)', async () => {
    const of = await chain({}, { forThirdParties: true });
    expect(await answered(of)).toBe('EH3');
    expect(await answered(of, { organization: of.office })).toEqual(['only-for-third-parties']);
  });

  it('keeps within the establishments of the consumer (CHAIN-06, CHAIN-12)', async () => {
    const of = await chain({ establishments: [ESTABLISHMENT] });
    expect(await answered(of, { establishment: ESTABLISHMENT })).toBe('EH3');
    expect(await answered(of, { establishment: '000037178601' })).toEqual(['outside-establishment']);
    expect(await answered(of)).toEqual(['outside-establishment']);
  });

  it('is for the clients that the intermediary names to its person, or for all (CHAIN-07, CHAIN-10)', async () => {
    expect(await answered(await chain({}, ({ consumer, other }) => ({ onlyForClients: [other, consumer] })))).toBe(
      'EH3',
    );
    const others = await chain({}, ({ other }) => ({ onlyForClients: [other] }));
    expect(await answered(others)).toEqual(['client-not-listed']);
    expect(await answered(others, { organization: others.office })).toBe('EH3');
  });

  it.each<readonly [link: string, first: Content, last: Content]>([
    ['the intermediary’s', { scope: { all: false, services: [TAX], groups: [] } }, {}],
    ['the person’s', {}, { scope: { all: false, services: [TAX], groups: [] } }],
  ])(
    'covers what both links cover: %s leaves a service out (CHAIN-07, CHAIN-12, CONT-08)',
    async (_link, first, last) => {
      const of = await chain(first, last);
      expect(await answered(of)).toEqual(['service-not-in-scope']);
      expect(await answered(of, { service: TAX })).toBe('EH3');
      // Above EH1 whatever a link is for, it covers what is at EH1.
      expect(await answered(of, { service: LOW, level: 'EH1' })).toBe('EH3');
    },
  );

  it('is of the person whose means it is linked to, and of no other (REG-06, CHAIN-12)', async () => {
    const [of, another] = [await chain(), await chain()];
    expect(await answered({ ...of, person: another.person })).toEqual(['no-authorization']);
  });
});

describe('a chain with a link that is in force no more', () => {
  const at = (milliseconds: number) => later(register.backbone.now(), milliseconds);

  it.each(['first', 'last'] as const)(
    'breaks when its %s link is revoked; the other stays (CHAIN-15)',
    async (link) => {
      const of = await chain();
      const sister = await chain();
      expect(await answered(of)).toBe('EH3');
      await register.revoke(of[link]);
      expect(await answered(of)).toEqual(['authorization-revoked']);
      // What the person may do for the intermediary itself hangs on the last one alone.
      expect(await answered(of, { organization: of.office })).toEqual(
        link === 'first' ? 'EH3' : ['authorization-revoked'],
      );
      expect(await answered(sister)).toBe('EH3');
    },
  );

  it.each<readonly [what: string, reason: string, content: () => Content]>([
    ['has expired', 'authorization-expired', () => ({ validFrom: at(-2_000), validUntil: at(-1_000) })],
    ['has not begun', 'authorization-not-yet-valid', () => ({ validFrom: at(3_600_000) })],
    ['is not activated', 'authorization-not-activated', () => ({ active: false })],
  ])('is none while either %s (CHAIN-12, CHAIN-15)', async (_what, reason, content) => {
    expect(await answered(await chain(content()))).toEqual([reason]);
    expect(await answered(await chain({}, content()))).toEqual([reason]);
  });
});
