import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AppendOutcomeUnknown, LineageBroken, StoreUnavailable, type EventStore } from '#libs/eventing';
import { streamId } from '#libs/kernel';
import type { Json } from './support/api.js';
import { at, paperCase, question, type IssuedMeans, type PaperCase } from './support/case.js';
import { freshKey, having, type Answer, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { until } from './support/until.js';

/** interfaces.md §2, §8: 201 is effective everywhere, 202 is accepted and durable, and what has ended is refused. */

const MINUTE = 60_000;

let suite: MemorySuite;
let supplier: Client;
let network: Client;
let case1: PaperCase;
let login: IssuedMeans;
let events: EventStore;
let append: EventStore['append'];

beforeAll(async () => {
  suite = await startMemorySuite();
  [supplier, network] = await Promise.all([suite.client('supplier'), suite.client('network')]);
  ({ events } = suite.stores);
  append = events.append.bind(events);
  case1 = await paperCase(supplier);
  login = await case1.means();
});
afterEach(() => {
  events.append = append;
});
afterAll(() => suite.end());

async function authorized(more: object = {}) {
  const means = await case1.means();
  const id = (await case1.authorize(means.id, { ...more }))['id'] as string;
  const says = async (): Promise<unknown> =>
    having(await network.ask('/access/v1/evaluation', question(means.pseudonym, case1.organization)), 200).body[
      'decision'
    ];
  await until('it is answered yes', async () => (await says()) === true);
  return { id, says };
}

const path = ({ body }: Answer): string => `/v1/revocation-requests/${String(body['id'])}`;
const statusAt = async (of: string): Promise<unknown> => having(await supplier.get(of), 200).body['status'];

describe('the answer to an accepted revocation', () => {
  it.each([
    ['it is not known whether the object was revoked', () => new AppendOutcomeUnknown('the answer was lost')],
    ['the store is away', () => new StoreUnavailable('away')],
  ])('is 202 when %s, and the process carries it out', async (_, trouble) => {
    const { id, says } = await authorized();
    const [body, key] = [await case1.revocation({ authorization: id }, login.id), freshKey()];
    events.append = (stream, ...rest) =>
      stream === streamId('authorization', id) ? Promise.reject(trouble()) : append(stream, ...rest);
    const answer = having(await supplier.command('/v1/revocation-requests', body, key), 202);
    expect(answer.body).toMatchObject({ status: 'accepted', object: { authorization: id } });
    expect(await statusAt(path(answer))).toBe('accepted');
    expect(await says()).toBe(true);

    events.append = append;
    await until('it is effected', async () => (await statusAt(path(answer))) === 'effected');
    expect(await says()).toBe(false);
    const again = having(await supplier.command('/v1/revocation-requests', body, key), 201);
    expect(again.body).toMatchObject({ id: answer.body['id'], status: 'effected', alreadyRevoked: false });
  });

  it('promises nothing when the store went back to an older state', async () => {
    const { id } = await authorized();
    const body = await case1.revocation({ authorization: id }, login.id);
    events.append = (stream, ...rest) =>
      stream === streamId('authorization', id) ? Promise.reject(new LineageBroken('gone')) : append(stream, ...rest);
    // The first answer: a careful client would ask again.
    const headers = { 'idempotency-key': freshKey() };
    const answer = having(await supplier.send('POST', '/v1/revocation-requests', { body, headers }), 503);
    expect(answer.body).toMatchObject({ code: 'unavailable' });
    expect(answer.headers.get('location')).toBeNull();
  });

  it('is 202 while an instance that is counted on has not seen it, and 201 once it has', async () => {
    const { id } = await authorized();
    const [body, key] = [await case1.revocation({ authorization: id }, login.id), freshKey()];
    await suite.stores.instances.renew('behind', 0n, MINUTE);
    const late = having(await supplier.command('/v1/revocation-requests', body, key), 202);
    expect(late.body).toMatchObject({ status: 'effected' });
    await suite.stores.instances.leave('behind');
    having(await supplier.command('/v1/revocation-requests', body, key), 201);
  });
});

describe('what is on record of the requests to revoke', () => {
  it('is found by what became of them, what they were about, and whether they came too late', async () => {
    const [one, other] = [await authorized(), await case1.means()];
    let after: unknown;
    const request = async (object: Json, more: object = {}): Promise<unknown> => {
      const body = { ...(await case1.revocation(object, login.id)), ...more };
      const { id, position } = having(await supplier.command('/v1/revocation-requests', body), 201).body;
      after = position;
      return id;
    };
    const nobody = { requester: { role: 'other', person: case1.director.id }, checks: [] };
    const refused = await request({ authorization: one.id }, nobody);
    const ended = await request({ authorization: one.id });
    const means = await request({ means: other.id });
    const found = async (filter: object): Promise<readonly unknown[]> => {
      const page = { limit: 100, after };
      const { body } = having(await supplier.ask('/v1/revocation-requests/_search', { ...filter, ...page }), 200);
      return (body['items'] as readonly { readonly id: string }[])
        .map(({ id }) => id)
        .filter((id) => [refused, ended, means].includes(id));
    };
    expect(await found({})).toEqual([means, ended, refused]);
    expect(await found({ status: 'refused' })).toEqual([refused]);
    expect(await found({ status: 'effected' })).toEqual([means, ended]);
    expect(await found({ authorization: one.id })).toEqual([ended, refused]);
    expect(await found({ means: other.id })).toEqual([means]);
    expect(await found({ breached: false })).toEqual([means, ended]);
    expect(await found({ breached: true })).toEqual([]);
  });

  it('has none that nobody asked for', async () => {
    const answer = having(await supplier.get(`/v1/revocation-requests/${randomUUID()}`), 404);
    expect(answer.body).toMatchObject({ code: 'no-such-revocation-request' });
  });
});

describe('MUT-01, REG-14: an authorization that has expired', () => {
  it('is not revoked any more: the request is refused, and what it was stays', async () => {
    const { id } = await authorized({ period: { from: at(-1_000), until: at(10 * MINUTE) } });
    suite.pass(11 * MINUTE);
    expect(having(await supplier.get(`/v1/authorizations/${id}`), 200).body['status']).toBe('expired');
    const body = await case1.revocation({ authorization: id }, login.id);
    const answer = having(await supplier.command('/v1/revocation-requests', body), 201);
    expect(answer.body).toMatchObject({ status: 'refused', codes: ['no-such-registration'] });
    expect(having(await supplier.get(`/v1/authorizations/${id}`), 200).body['status']).toBe('expired');
  });
});
