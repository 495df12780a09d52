import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#libs/eventing';
import { uuid } from '#libs/testing';
import { answeredBefore } from './answered-before.js';

const OIN = '00000099000000001000';
const sender = { client: 'back-office', key: 'key-0001' };
const id = uuid('object');

const nobody = () => Promise.resolve({ state: { status: 'none' }, revision: 'no-stream' });

/** The streams that were asked for the key, one for each request. */
async function askedFor(
  path: string,
  body: unknown = {},
  known = true,
): Promise<{ before: boolean; asked: unknown[] }> {
  const asked: unknown[] = [];
  const knowsKey = async (...of: unknown[]): Promise<boolean> => asked.push(...of) > 0 && known;
  const backbone = { participant: { oin: OIN }, commands: { knowsKey, load: nobody } };
  return { before: await answeredBefore(backbone as never)({ path, body, ...sender }), asked };
}

/** interfaces.md §3: a retry is answered as the first time, by the stream that its key leads to. */
describe('a command that was accepted before', () => {
  it.each([
    ['applications', 'application'],
    ['checks', 'check'],
    ['persons', 'person'],
    ['means', 'means'],
    ['authorizations', 'authorization'],
    ['revocation-requests', 'revocationRequest'],
  ] as const)('is known by the object that it made, in %s', async (collection, category) => {
    const stream = `${category}-${derivedId(category, OIN, sender.client, sender.key)}`;
    expect(await askedFor(`/v1/${collection}`)).toEqual({
      before: true,
      asked: [stream, { participant: OIN, ...sender }],
    });
    expect((await askedFor(`/v1/${collection}`, {}, false)).before).toBe(false);
  });

  it('is known, where it made several at once, by the first of them', async () => {
    const first = derivedId('check', OIN, sender.client, sender.key, '0');
    expect((await askedFor('/v1/checks/_batch', { items: [] })).asked[0]).toBe(`check-${first}`);
  });

  it('is known by the object that it changed, however its id is written', async () => {
    for (const written of [id, id.toUpperCase()]) {
      const { asked } = await askedFor(`/v1/means/${written}/revoke`);
      expect(asked[0]).toBe(`means-${id}`);
    }
  });

  it('is known, where it suspends or reinstates, by the object that it names', async () => {
    for (const path of ['/v1/suspensions', '/v1/reinstatements']) {
      expect((await askedFor(path, { object: { means: id.toUpperCase() } })).asked[0]).toBe(`means-${id}`);
      expect((await askedFor(path, { object: { authorization: id } })).asked[0]).toBe(`authorization-${id}`);
      for (const object of [undefined, null, {}, { means: 1 }, { means: 'x' }, { means: id, authorization: id }]) {
        expect((await askedFor(path, { object })).asked).toEqual([]);
      }
    }
  });

  it('is known, where a party was registered, by register and number', async () => {
    const { asked } = await askedFor('/v1/parties', { register: 'KVK', number: '90000001' });
    expect(asked[0]).toBe(`party-${derivedId('party', OIN, 'KVK', '90000001')}`);
  });

  it.each<[string, string, unknown]>([
    ['a path of no collection', '/v1/decisions', {}],
    ['a path named like a member of every object', '/v1/constructor', {}],
    ['a longer path', `/v1/means/${id}/revoke/again`, {}],
    ['an id that is none', '/v1/means/x/revoke', {}],
    ['a party without a register', '/v1/parties', { number: '90000001' }],
    ['a party without a number', '/v1/parties', { register: 'KVK', number: 90000001 }],
    ['a party without anything', '/v1/parties', null],
  ])('is not looked for by %s', async (_, path, body) => {
    expect(await askedFor(path, body)).toEqual({ before: false, asked: [] });
  });
});
