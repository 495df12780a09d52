import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { having, type Answer, type Client } from '../support/client.js';
import { startMemorySuite, type MemorySuite } from '../support/memory-suite.js';
import { documentStatus, loginWith, representation, signedOnPaper } from './support/facts.js';
import { administrator, registered, stageOn, type Standing } from './support/register-anew.js';
import { codesOf } from './support/register.js';
import {
  application,
  apply,
  issueAt,
  person,
  record,
  sceneOf,
  setStage,
  type Holder,
  type Stage,
} from './support/stage.js';

/** The service consumer that a means was applied for, in every door that shows or uses it (MEANS-10). */

let memory: MemorySuite;
let client: Client;
let stage: Stage;
/** The administrators of the consumer that it was applied for, and of another one. */
let own: Standing;
let other: Standing;

beforeAll(async () => {
  memory = await startMemorySuite();
  client = await memory.client('supplier');
  stage = await setStage(stageOn(memory), client);
  [own, other] = [await administrator(stage, 'EH3'), await administrator(stage, 'EH3')];
});
afterAll(() => memory.end());

/** A means of somebody who may act for both; `party`: whom it was applied for, if anybody. */
async function means(party?: string): Promise<{ holder: Holder; elsewhere: Standing }> {
  const human = await person(client);
  const intake = await application(client, 'electronic', 'means');
  const scene = sceneOf({ application: intake, authorized: human, ...(party === undefined ? {} : { party }) });
  const holder = { human, means: await issueAt(client, scene, 3) };
  await registered(stage, holder, {}, { where: own.party });
  return { holder, elsewhere: await registered(stage, holder, {}, { where: other.party }) };
}

async function byAdministrator({ holder }: Standing, object: Json, mutation = 'revocation'): Promise<Json> {
  const intake = await application(client, 'electronic', mutation);
  const scene = sceneOf({ application: intake, submitter: holder.human });
  const checks = await record(client, scene, [loginWith('submitter', 'EH3', holder.means)]);
  const requester = { role: 'administrator', person: holder.human.id };
  return having(
    await client.command('/v1/revocation-requests', { application: intake, mutation, object, requester, checks }),
    201,
  ).body;
}

/** By the director of a party, on paper. */
async function byDirector(party: string, object: Json): Promise<Json> {
  const intake = await application(client, 'nonElectronic', 'revocation');
  const scene = sceneOf({ application: intake, submitter: stage.director, party });
  const facts = [...signedOnPaper, documentStatus('submitter'), representation()];
  const requester = { role: 'legalRepresentative', person: stage.director.id };
  const checks = await record(client, scene, facts);
  return having(
    await client.command('/v1/revocation-requests', { application: intake, object, requester, checks }),
    201,
  ).body;
}

const statusOf = async (id: string): Promise<unknown> =>
  having(await client.get(`/v1/means/${id}`), 200).body['status'];
const NOT_ENTITLED = { status: 'refused', codes: ['requester-not-entitled'] };

describe('the consumer that a means was applied for', () => {
  it('is recorded, shown and searched by; none is one that is not on record (MEANS-10)', async () => {
    const human = await person(client);
    const scene = sceneOf({
      ...{ application: await application(client, 'electronic', 'means'), authorized: human, party: own.party },
    });
    const applied = having(await apply(client, scene, 'password-sms', 3), 201).body;
    const id = applied['id'] as string;
    expect(applied['party']).toBe(own.party);
    expect(having(await client.get(`/v1/means/${id}`), 200).body['party']).toBe(own.party);
    const found = async (party: string): Promise<unknown[]> => {
      const page = { holder: human.id, party, after: applied['position'] };
      const { body } = having(await client.ask('/v1/means/_search', page), 200);
      return (body['items'] as Json[]).map((item) => [item['id'], item['party']]);
    };
    expect([await found(own.party), await found(other.party)]).toEqual([[[id, own.party]], []]);
    const unknown: Answer = await apply(
      client,
      { ...scene, party: '00000000-0000-4000-8000-000000000000' },
      'password-sms',
      3,
    );
    expect([unknown.status, codesOf(unknown)]).toEqual([400, ['unknown-party']]);
  });

  it('has the means ended by its administrator, and another no more than its own authorizations (MEANS-10)', async () => {
    const { holder, elsewhere } = await means(own.party);
    const object = { means: holder.means };
    expect(await byAdministrator(other, object)).toMatchObject(NOT_ENTITLED);
    expect(await byAdministrator(other, { authorization: elsewhere.id })).toMatchObject({ status: 'effected' });
    expect(await statusOf(holder.means)).toBe('active');
    expect(await byAdministrator(own, object)).toMatchObject({ status: 'effected' });
    expect(await statusOf(holder.means)).toBe('revoked');
  });

  it('has it ended by its legal representative; nobody has one that was applied for by none (MEANS-10)', async () => {
    const { holder } = await means(own.party);
    const object = { means: holder.means };
    expect(await byDirector(other.party, object)).toMatchObject(NOT_ENTITLED);
    expect(await byDirector(own.party, object)).toMatchObject({ status: 'effected' });
    const { holder: free } = await means();
    expect(await byDirector(own.party, { means: free.means })).toMatchObject(NOT_ENTITLED);
    expect(await byAdministrator(own, { means: free.means })).toMatchObject(NOT_ENTITLED);
    expect(await statusOf(free.means)).toBe('active');
  });

  it('has it suspended likewise (MEANS-10, SUS-02)', async () => {
    const { holder } = await means(own.party);
    const object = { means: holder.means };
    expect(await byAdministrator(other, object, 'suspension')).toMatchObject(NOT_ENTITLED);
    expect(await byAdministrator(own, object, 'suspension')).toMatchObject({ status: 'effected' });
    expect(await statusOf(holder.means)).toBe('suspended');
  });

  it('has it ended for who leaves it, and not for who leaves another (MEANS-10)', async () => {
    const { holder } = await means(own.party);
    const left = (party: string): Json => ({ person: holder.human.id, party });
    expect(await byDirector(other.party, left(other.party))).toMatchObject({ status: 'effected' });
    expect(await statusOf(holder.means)).toBe('active');
    expect(await byDirector(own.party, left(own.party))).toMatchObject({ status: 'effected' });
    expect(await statusOf(holder.means)).toBe('revoked');
  });
});
