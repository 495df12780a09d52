import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seed } from '#libs/application';
import type { Json } from '../support/api.js';
import { at, UWV } from '../support/case.js';
import { having, type Client } from '../support/client.js';
import { startMemorySuite, type MemorySuite } from '../support/memory-suite.js';
import {
  circumstances,
  documentStatus,
  identifiedParty,
  ofIntermediary,
  partyAttributes,
  representation,
  signedOnPaper,
  tradeRegister,
  type Fact,
} from './support/facts.js';
import { onPaperAt3, registered, stageOn } from './support/register-anew.js';
import { walk, type Earned } from './support/register.js';
import { application, party, setStage, type Stage } from './support/stage.js';

/** Chains across registers, through HTTP: where the next link can be verified, and who asks for whom (CHAIN-09, CHAIN-14). */

const TAX = 'urn:etoegang:DV:00000099800000003000:services:1';
const SCHOOL = 'urn:etoegang:DV:00000099800000001000:services:1';
const OTHER_REGISTER = '00000099900000009000';

let memory: MemorySuite;
let client: Client;
let network: Client;
let stage: Stage;
let own: string;

beforeAll(async () => {
  memory = await startMemorySuite({ data: seed });
  [client, network] = await Promise.all([memory.client('supplier'), memory.client('network')]);
  stage = await setStage(stageOn(memory), client);
  own = memory.backbone.participant.oin;
});
afterAll(() => memory.end());

const facts: readonly Fact[] = [
  ...[...identifiedParty, ...signedOnPaper, representation(), circumstances(), documentStatus('submitter')],
  ...[ofIntermediary(partyAttributes()), ofIntermediary(tradeRegister())],
];
const passedOn = { nature: { rightOfSubstitution: true, actsIndependently: true } };

/** An authorization of the intermediary for a party, on paper. */
const link = (intermediary: string, body: Json = {}): Promise<Earned> =>
  walk(stage, {
    scene: { intermediary },
    checks: facts,
    body: { aimedLevel: 'EH3', ...passedOn, ...body },
  });

const organizationOf = async (id: string): Promise<string> => {
  const { register, number } = having(await client.get(`/v1/parties/${id}`), 200).body as Record<string, string>;
  return `${register}:${number}`;
};

async function discovered(intermediary: string, service: string, more: Json = {}): Promise<Json> {
  const received = { channel: 'electronic', receivedAt: at(0), purposes: ['change'] };
  const head = having(await client.command('/v1/applications', received), 201).body['position'];
  const body = { intermediary, service, after: head, ...more };
  return having(await client.ask('/v1/chains/_search', body), 200).body;
}

/** The operator's own block. */
async function blocked(authorization: string): Promise<void> {
  const body = {
    ...{ application: await application(client, 'electronic', 'suspension'), object: { authorization } },
    ...{ requester: { role: 'operator' }, checks: [], reason: 'compromise' },
  };
  having(await client.command('/v1/suspensions', body), 200);
}

describe('a link to an intermediary', () => {
  it('keeps in which register the next one can be verified: the one that is named, or this one (CHAIN-09)', async () => {
    const office = await party(client, 'privateLegalPerson');
    const elsewhere = having((await link(office, { nextLinkRegister: OTHER_REGISTER })).answer, 201).body;
    expect(elsewhere['nextLinkRegister']).toBe(OTHER_REGISTER);
    const here = having((await link(office)).answer, 201).body;
    expect(here['nextLinkRegister']).toBe(own);
    const { position: _position, ...shown } = here;
    expect(having(await client.get(`/v1/authorizations/${here['id'] as string}`), 200).body).toEqual(shown);
  });

  it('is the only one that has a next one, in a register that is named by its OIN (CHAIN-09)', async () => {
    const { scene, checks, answer } = await walk(stage, {
      checks: onPaperAt3,
      body: { aimedLevel: 'EH3' },
    });
    expect(having(answer, 201).body).not.toHaveProperty('nextLinkRegister');
    const body = {
      ...{ application: scene.application, registration: 'first', representedParty: { party: scene.party } },
      ...{ submitter: { person: scene.submitter.id, role: 'legalRepresentative' }, checks, aimedLevel: 'EH3' },
      authorizedParty: { person: scene.authorized.id, means: scene.means },
      ...{ scope: { services: [UWV] }, ...passedOn, displayConsent: true },
      period: { from: at(-1_000), until: at(86_400_000) },
    };
    const person = await client.command('/v1/authorizations', { ...body, nextLinkRegister: OTHER_REGISTER });
    expect([person.status, person.body['errors']]).toMatchObject([
      400,
      [{ code: 'no-next-link', pointer: '/nextLinkRegister' }],
    ]);
    const malformed = await client.command('/v1/authorizations', { ...body, nextLinkRegister: 'elsewhere' });
    expect([malformed.status, malformed.body['errors']]).toMatchObject([400, [{ pointer: '/nextLinkRegister' }]]);
  });
});

describe('who asks whose authority an intermediary may pass on (CHAIN-14)', () => {
  it('is told the links for that service, and where each and the next one can be verified: no more than that', async () => {
    const office = await party(client, 'privateLegalPerson');
    const first = await link(office, { nextLinkRegister: OTHER_REGISTER });
    const second = await link(office, { scope: { all: true } });
    const asked = await organizationOf(office);
    const linkOf = async ({ answer, scene }: Earned, nextLinkRegister: string) => ({
      representedParty: await organizationOf(scene.party),
      authorization: having(answer, 201).body['id'],
      ...{ register: own, nextLinkRegister },
    });
    const [one, two] = [await linkOf(first, OTHER_REGISTER), await linkOf(second, own)];
    expect(await discovered(asked, UWV)).toEqual({ items: [two, one], next: null });
    // The first is for another service alone.
    expect(await discovered(asked, TAX)).toEqual({ items: [two], next: null });
    const page = await discovered(asked, UWV, { limit: 1 });
    expect(page['items']).toEqual([two]);
    expect(await discovered(asked, UWV, { limit: 1, cursor: page['next'] })).toEqual({ items: [one], next: null });
  });

  it('finds what is a yes at use once the next link is there, by both of them (CHAIN-01)', async () => {
    const office = await party(client, 'privateLegalPerson');
    const { answer, scene } = await link(office);
    const first = having(answer, 201).body['id'];
    const { employee } = stage;
    const { pseudonym } = having(await client.get(`/v1/means/${employee.means}`), 200).body as { pseudonym: string };
    const organization = await organizationOf(scene.party);
    const question = {
      subject: { type: 'means', id: pseudonym },
      action: { name: 'represent', properties: { service: UWV } },
      resource: { type: 'organization', id: organization },
      context: { via: first },
    };
    const before = having(await network.ask('/access/v1/evaluation', question), 200).body;
    expect(before).toMatchObject({ decision: false, context: { reasons: [{ code: 'no-authorization' }] } });
    const forClients = { scope: { services: [UWV] }, forThirdParties: true };
    const { id: second } = await registered(stage, employee, forClients, { where: office });
    expect((await discovered(await organizationOf(office), UWV))['items']).toMatchObject([
      { representedParty: organization, authorization: first },
    ]);
    const yes = having(await network.ask('/access/v1/evaluation', question), 200).body;
    expect(yes).toMatchObject({ decision: true, context: { level: 'EH3', path: [first, second] } });
  });

  it('is told nothing of a link that may not be passed on, has ended, or is for no chain', async () => {
    const office = await party(client, 'privateLegalPerson');
    const asked = await organizationOf(office);
    await link(office, { nature: { rightOfSubstitution: false, actsIndependently: true } });
    await link(office, { nature: { rightOfSubstitution: true, actsIndependently: false } });
    expect(await discovered(asked, UWV)).toEqual({ items: [], next: null });
    const { answer } = await link(office, { scope: { all: true } });
    expect((await discovered(asked, UWV))['items']).toHaveLength(1);
    // The school takes no chains (CHAIN-13).
    expect(await discovered(asked, SCHOOL)).toEqual({ items: [], next: null });
    const authorization = having(answer, 201).body['id'] as string;
    await blocked(authorization);
    expect(await discovered(asked, UWV)).toEqual({ items: [], next: null });
  });

  it('is told nothing of an organization that is not known, or is no intermediary; what is no service is 400', async () => {
    for (const organization of ['kvk:99999999', 'nobody', await organizationOf(await party(client, 'undertaking'))]) {
      expect(await discovered(organization, UWV)).toEqual({ items: [], next: null });
    }
    const unknown = await client.ask('/v1/chains/_search', { intermediary: 'kvk:99999999', service: 'urn:nothing' });
    expect([unknown.status, unknown.body['errors']]).toMatchObject([
      400,
      [{ code: 'unknown-service', pointer: '/service' }],
    ]);
  });

  it('leaves no record: it is no use (USE-04)', async () => {
    const office = await organizationOf(await party(client, 'privateLegalPerson'));
    const before = await stage.suite.heads();
    having(await client.ask('/v1/chains/_search', { intermediary: office, service: UWV }), 200);
    expect(await stage.suite.heads()).toEqual(before);
  });
});
