import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { EventStore } from '#libs/eventing';
import type { StreamId } from '#libs/kernel';
import type { Json } from '../support/api.js';
import { at } from '../support/case.js';
import { having, type Client } from '../support/client.js';
import { startMemorySuite } from '../support/memory-suite.js';
import { ON_CLUSTER, startSuite } from '../support/suite.js';
import { circumstances, loginWith } from './support/facts.js';
import {
  atOnce,
  chanceOf,
  crowded,
  expectOneOf,
  inThisOrder,
  meet,
  theOtherWayRound,
  type Meeting,
  type Orders,
  type Ready,
} from './support/pairs.js';
import { administrator, bodyAnew, DAY, director, registered, stageOn, type Standing } from './support/register-anew.js';
import {
  application,
  delivered,
  holder,
  holderAtThree,
  issueAt,
  party,
  person,
  record,
  sceneOf,
  setStage,
  type Holder,
  type Stage,
} from './support/stage.js';

/**
 * Two commands on one thing at the same moment, many times over: what both are answered and what is on record is what comes
 * of the one after the other, in one of the two orders.
 */

interface Ground {
  readonly client: Client;
  readonly events: EventStore;
  readonly stage: Stage;
  readonly admin: Standing;
  readonly colleague: Standing;
  /** Has an authorization of his own in each meeting that is about one. */
  readonly employee: Holder;
  readonly end: () => Promise<void>;
}

async function groundOn(stage: Stage, events: EventStore, end: () => Promise<void>): Promise<Ground> {
  const { client } = stage;
  const admin = await administrator(stage, 'EH3');
  const colleague = await administrator(stage, 'EH3', admin.party);
  return { client, events, stage, admin, colleague, employee: await holder(client, 3), end };
}

async function inMemory(): Promise<Ground> {
  const suite = await startMemorySuite();
  const client = await suite.client('supplier');
  return groundOn(await setStage(stageOn(suite), client), suite.stores.events, () => suite.end());
}

async function onLastingStores(): Promise<Ground> {
  const suite = await startSuite();
  const client = await suite.client('supplier');
  return groundOn(await setStage(suite, client), suite.running.open.stores.events, () => suite.end());
}

const streamOf = (what: 'authorization' | 'means' | 'party', id: string): StreamId => `${what}-${id}` as StreamId;

const ending = ({ stage, admin }: Ground, of: Holder): Promise<Standing> =>
  registered(
    stage,
    of,
    { period: { from: at(-1_000), until: at(30 * DAY) }, acceptLower: true },
    { where: admin.party },
  );

async function renewal({ stage, admin }: Ground, of: Standing): Promise<Ready> {
  const period = { from: at(29 * DAY), until: at(1_000 * DAY) };
  const body = await bodyAnew(stage, of, { purpose: 'renewal', by: admin, body: { period, acceptLower: true } });
  return { path: `/v1/authorizations/${of.id}/renewals`, body };
}

async function change({ stage }: Ground, of: Standing, by: Standing, nature: Json, headers = {}): Promise<Ready> {
  const body = await bodyAnew(stage, of, { purpose: 'change', by, body: { set: { nature }, acceptLower: true } });
  return { path: `/v1/authorizations/${of.id}/changes`, body, headers };
}

/** Two administrators who each say otherwise how the authorized party acts. */
const changes = async (ground: Ground, of: Standing, headers = {}): Promise<Meeting> => ({
  one: await change(ground, of, ground.admin, { rightOfSubstitution: true, actsIndependently: true }, headers),
  other: await change(ground, of, ground.colleague, { rightOfSubstitution: false, actsIndependently: false }, headers),
  streams: [streamOf('authorization', of.id)],
});

/** The holder ends it himself, logged in. */
async function revocation({ client }: Ground, { human, means }: Holder, object: Json): Promise<Ready> {
  const intake = await application(client, 'electronic', 'revocation');
  const scene = sceneOf({ application: intake, submitter: human });
  const checks = await record(client, scene, [loginWith('submitter', 'EH3', means)]);
  const requester = { role: 'authorizedParty', person: human.id };
  return { path: '/v1/revocation-requests', body: { application: intake, object, requester, checks } };
}

/**
 * The holder ends it himself, by a letter that identifies him for whatever level it gets: a request is judged by the level
 * that its object has when it is accepted.
 */
async function letter({ client }: Ground, { human }: Holder, object: Json): Promise<Ready> {
  const intake = await application(client, 'nonElectronic', 'revocation');
  const checks = await record(client, sceneOf({ application: intake, submitter: human }), director);
  const requester = { role: 'authorizedParty', person: human.id };
  return { path: '/v1/revocation-requests', body: { application: intake, object, requester, checks } };
}

/** The operator's own block (REV-10). */
async function block({ client }: Ground, object: Json): Promise<Ready> {
  const intake = await application(client, 'nonElectronic', 'suspension');
  const body = { application: intake, object, checks: [], requester: { role: 'operator' }, reason: 'security' };
  return { path: '/v1/suspensions', body };
}

async function upgrade({ client }: Ground, { human, means }: Holder): Promise<Ready> {
  const intake = await application(client, 'electronic', 'upgrade');
  const scene = sceneOf({ application: intake, authorized: human, means });
  const checks = await record(client, scene, holderAtThree);
  checks.push(await delivered(client, scene, means, { form: 'registeredLetter', addressValidated: true }));
  const body = { application: intake, checks, aimedStork: 3, product: 'password-sms' };
  return { path: `/v1/means/${means}/upgrades`, body };
}

const report = (of: string): Ready => ({
  path: `/v1/parties/${of}/special-circumstances`,
  body: { reported: true },
});

/** A look that finds nothing, in an intake of its own. */
async function clearing({ client }: Ground, of: string): Promise<Ready> {
  const intake = await application(client, 'nonElectronic', 'registration');
  const checks = await record(client, sceneOf({ application: intake, party: of }), [circumstances()]);
  return { path: `/v1/parties/${of}/special-circumstances`, body: { reported: false, checks } };
}

/** A party of which a look found something. */
async function marked({ client }: Ground): Promise<string> {
  const of = await party(client, 'privateLegalPerson');
  const intake = await application(client, 'nonElectronic', 'registration');
  await record(client, sceneOf({ application: intake, party: of }), [circumstances('found')]);
  return of;
}

/** What two who decide at the same moment have before them. */
const PAIRS: readonly (readonly [string, (ground: Ground) => Promise<Meeting>])[] = [
  [
    'two administrators who change one authorization (REG-13)',
    async (ground) => changes(ground, await ending(ground, ground.employee)),
  ],
  [
    'two administrators who change the revision that both were shown',
    async (ground) => {
      const of = await ending(ground, ground.employee);
      const shown = having(await ground.client.get(`/v1/authorizations/${of.id}`), 200);
      return changes(ground, of, { 'if-match': shown.headers.get('etag')! });
    },
  ],
  [
    'a revocation and a renewal (REV-08, REN-01)',
    async (ground) => {
      const of = await ending(ground, ground.employee);
      return {
        one: await revocation(ground, of.holder, { authorization: of.id }),
        other: await renewal(ground, of),
        streams: [streamOf('authorization', of.id)],
      };
    },
  ],
  [
    'a suspension and a revocation (SUS-05, REV-08)',
    async (ground) => {
      const of = await ending(ground, ground.employee);
      const object = { authorization: of.id };
      return {
        one: await block(ground, object),
        other: await revocation(ground, of.holder, object),
        streams: [streamOf('authorization', of.id)],
      };
    },
  ],
  [
    'an upgrade and a block of the means (SUS-05, UPG-01)',
    async (ground) => {
      const of = await holder(ground.client, 2);
      return {
        one: await upgrade(ground, of),
        other: await block(ground, { means: of.means }),
        streams: [streamOf('means', of.means)],
      };
    },
  ],
  [
    'an upgrade and a revocation of the means (REV-08, UPG-01)',
    async (ground) => {
      const of = await holder(ground.client, 2);
      return {
        one: await upgrade(ground, of),
        other: await letter(ground, of, { means: of.means }),
        streams: [streamOf('means', of.means)],
      };
    },
  ],
  [
    'two reports of special circumstances (PROOF-12)',
    async ({ client }) => {
      const of = await party(client, 'privateLegalPerson');
      return { one: report(of), other: report(of), streams: [streamOf('party', of)] };
    },
  ],
  [
    'a report of special circumstances and their clearing (PROOF-12)',
    async (ground) => {
      const of = await marked(ground);
      return { one: report(of), other: await clearing(ground, of), streams: [streamOf('party', of)] };
    },
  ],
  [
    'two clearings of special circumstances (PROOF-12)',
    async (ground) => {
      const of = await marked(ground);
      return {
        one: await clearing(ground, of),
        other: await clearing(ground, of),
        streams: [streamOf('party', of)],
      };
    },
  ],
  [
    'somebody who leaves and the renewal of an authorization of his (REV-07, REN-01)',
    async (ground) => {
      const { client, admin } = ground;
      const human = await person(client);
      const intake = await application(client, 'electronic', 'means');
      const means = await issueAt(client, sceneOf({ application: intake, authorized: human, party: admin.party }), 3);
      const of = await ending(ground, { human, means });
      return {
        one: await revocation(ground, of.holder, { person: human.id, party: admin.party }),
        other: await renewal(ground, of),
        streams: [streamOf('authorization', of.id), streamOf('means', means)],
      };
    },
  ],
];

/** On a cluster the two are decided by processes of their own, and nothing here comes between their steps. */
const PLACES = [
  ['in memory', inMemory, 8],
  ['on stores that last', onLastingStores, 1],
] as const;

describe.each(ON_CLUSTER ? PLACES.slice(1) : PLACES)('%s, at the same moment', (_where, start, times) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await start();
  }, 600_000);
  afterAll(() => ground.end());

  it.each(PAIRS)(
    '%s come out as the one after the other',
    async (_what, prepared) => {
      const orders: Orders = [
        await meet(ground, await prepared(ground), inThisOrder),
        await meet(ground, await prepared(ground), theOtherWayRound),
      ];
      for (let seed = 1; seed <= times; seed++) {
        const meeting = await prepared(ground);
        const chance = chanceOf(seed);
        const alone = crowded(ground.events, chance);
        try {
          expectOneOf(orders, await meet(ground, meeting, atOnce(chance)));
        } finally {
          alone();
        }
      }
    },
    600_000,
  );
});
