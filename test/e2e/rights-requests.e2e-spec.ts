import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuid } from '#libs/testing';
import type { Json } from './support/api.js';
import { at } from './support/case.js';
import { freshKey, having, type Answer, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { until } from './support/until.js';
import { worldOn, type Somebody, type World } from './support/viewers.js';

/** What people ask of the data about them, and what becomes of it (RIGHTS-04, RIGHTS-06, RIGHTS-07, MIN-03). */

let suite: MemorySuite;
let supplier: Client;
let world: World;

beforeAll(async () => {
  suite = await startMemorySuite();
  supplier = await suite.client('supplier');
  world = await worldOn(suite, supplier);
});
afterAll(() => suite.end());

const EMAIL = 'weg.ermee@example.org';

const shownAt = (party: string, person: string): Json => ({
  ...{ type: 'representationCheck', about: { person }, party, register: 'tradeRegister', via: 'online', asOf: at(0) },
  ...{ outcome: 'found', basis: 'byName', agrees: true, limitation: 'none', sameDataAsIdentified: true },
  source: { name: 'trade-register', reference: 'extract-1' },
});

/** A request as its sender has it, with a login on an intake of its own. */
async function asking(
  who: Somebody,
  about: Json = { person: who.person },
  { of, level, purpose = 'change' }: { of?: string; level?: string; purpose?: string } = {},
): Promise<Json> {
  const application = await world.intake(purpose);
  if (of !== undefined) await world.check(application, shownAt(of, who.person));
  const requester = await world.viewing(who, { application, ...(level === undefined ? {} : { level }) });
  return { type: 'erasure', application, about, requester };
}
const ask = async (...of: Parameters<typeof asking>): Promise<Answer> =>
  supplier.command('/v1/rights-requests', await asking(...of));
const contact = (path: string, value = EMAIL): Promise<Answer> =>
  supplier.command(`${path}/contacts`, { kind: 'email', value, suppliedBy: 'submitter' });
const decide = (id: unknown, decision: Json = { grant: true }): Promise<Answer> =>
  supplier.command(`/v1/rights-requests/${String(id)}/decisions`, decision);
const show = async (id: unknown): Promise<Json> =>
  having(await supplier.get(`/v1/rights-requests/${String(id)}`), 200).body;
const done = async (id: unknown): Promise<Json> => {
  await until('it is carried out', async () => (await show(id))['status'] === 'done');
  return show(id);
};
const contactsAt = async (path: string): Promise<unknown> => having(await supplier.get(path), 200).body['contacts'];

describe('a holder who asks to erase his data', () => {
  it('is told what would be erased and what is kept on which ground, before anything is done (RIGHTS-04, RIGHTS-06)', async () => {
    const who = await world.somebody();
    const path = `/v1/persons/${who.person}`;
    having(await contact(path), 201);
    const asked = having(await ask(who), 201);
    expect(asked.headers.get('location')).toBe(`/v1/rights-requests/${String(asked.body['id'])}`);
    expect(asked.body).toMatchObject({
      ...{ type: 'erasure', status: 'received', about: { person: who.person }, level: 'EH3' },
      requester: { person: who.person, role: 'holder' },
      data: [
        { kind: 'contacts', effect: 'erased', count: 1 },
        { kind: 'identity', effect: 'kept', ground: 'inForce', count: 1 },
        { kind: 'documents', effect: 'kept', ground: 'retention', until: expect.any(String), count: 1 },
        { kind: 'means', effect: 'kept', ground: 'inForce', count: 1 },
      ],
    });
    expect(await contactsAt(path)).toMatchObject([{ value: EMAIL }]);
  });

  it('has what he is reached by erased once it is granted, and what is archived kept; his means work on (RIGHTS-06)', async () => {
    const who = await world.somebody();
    const path = `/v1/persons/${who.person}`;
    const made = having(await contact(path), 201).body['contacts'] as readonly Json[];
    const { id } = having(await ask(who), 201).body;
    expect(having(await decide(id), 200).body).toMatchObject({
      ...{ outcome: 'grantedInPart', remedies: ['supervisoryAuthority', 'court'] },
    });
    expect(await done(id)).toMatchObject({ status: 'done', outcome: 'grantedInPart', doneAt: expect.any(String) });
    expect(await contactsAt(path)).toEqual([]);
    expect(having(await supplier.get(path), 200).body).toMatchObject({ familyName: expect.any(String) });
    expect(having(await supplier.get(`/v1/means/${who.means}`), 200).body['status']).toBe('active');
    const holder = { kind: 'contact', id: made[0]!['id'] as string } as const;
    const place = { stream: 'records', eventId: uuid('event'), member: 'value' } as const;
    await expect(suite.backbone.sealer.seal(holder, place, 'x')).rejects.toThrow('gone');
    // Where he is reached from now on is new.
    having(await contact(path, 'nieuw@example.org'), 201);
    expect(await contactsAt(path)).toMatchObject([{ value: 'nieuw@example.org' }]);
  });

  it('has erased what a record says that was found to be his after he asked (RIGHTS-06)', async () => {
    const [who, other] = [await world.somebody(), await world.somebody()];
    const path = `/v1/persons/${other.person}`;
    having(await contact(path), 201);
    const { id } = having(await ask(who), 201).body;
    having(await supplier.command(`${path}/links`, { to: who.person, same: true }), 200);
    expect((await show(id))['data']).toContainEqual({ kind: 'contacts', effect: 'erased', count: 1 });
    having(await decide(id), 200);
    await done(id);
    expect(await contactsAt(path)).toEqual([]);
  });

  it('has nothing erased where it is refused, and is told why', async () => {
    const who = await world.somebody();
    having(await contact(`/v1/persons/${who.person}`), 201);
    const { id } = having(await ask(who), 201).body;
    const refused = having(await decide(id, { refuse: { ground: 'excessive', reason: 'De vierde keer' } }), 200);
    expect(refused.body).toMatchObject({
      ...{ status: 'done', outcome: 'refused', ground: 'excessive', reason: 'De vierde keer', data: [] },
      ...{ breached: false, remedies: ['supervisoryAuthority', 'court'] },
    });
    expect(await contactsAt(`/v1/persons/${who.person}`)).toHaveLength(1);
    expect((await decide(id)).body['code']).toBe('rights-request-decided');
  });

  it('is answered within a month, or told within it that it takes two longer (MIN-03)', async () => {
    const { id, answerBefore } = having(await ask(await world.somebody()), 201).body as Record<string, string>;
    const found = async (dueBefore: string): Promise<unknown> => {
      const answer = having(await supplier.ask('/v1/rights-requests/_search', { dueBefore, limit: 100 }), 200);
      return (answer.body['items'] as readonly Json[]).some((item) => item['id'] === id);
    };
    await until('it is among those that are due', async () => (await found('2100-01-01T00:00:00Z')) === true);
    expect(await found(answerBefore!)).toBe(false);
    const prolonged = having(await decide(id, { prolong: { reason: 'Veel dossiers' } }), 200).body;
    expect(prolonged).toMatchObject({ status: 'received', prolongingReason: 'Veel dossiers' });
    expect((prolonged['answerBefore'] as string) > answerBefore!).toBe(true);
    expect((await decide(id, { prolong: { reason: 'Nog meer' } })).body['code']).toBe('rights-request-prolonged');
    having(await decide(id), 200);
    await until('it is not due any more', async () => (await found('2100-01-01T00:00:00Z')) === false);
  });

  it('is told where the term has passed, before it is answered and once it is (MIN-03)', async () => {
    const own = await startMemorySuite();
    try {
      const [theirs, its] = [await own.client('supplier'), await own.client('supplier')];
      const there = await worldOn(own, theirs);
      const who = await there.somebody();
      const application = await there.intake('change');
      const requester = await there.viewing(who, { application });
      const body = { type: 'erasure', application, about: { person: who.person }, requester };
      const { id, ...asked } = having(await theirs.command('/v1/rights-requests', body), 201).body;
      expect(asked).toMatchObject({ breached: false });
      expect(asked).not.toHaveProperty('remedies');
      own.pass(40 * 86_400_000);
      expect(having(await its.get(`/v1/rights-requests/${String(id)}`), 200).body).toMatchObject({ breached: true });
      const found = having(await its.ask('/v1/rights-requests/_search', {}), 200).body['items'];
      expect(found).toMatchObject([{ id, breached: true }]);
      const decided = having(await its.command(`/v1/rights-requests/${String(id)}/decisions`, { grant: true }), 200);
      expect(decided.body).toMatchObject({ breached: true });
    } finally {
      await own.end();
    }
  });

  it('logs in at the level that he is registered at, and not below it (RIGHTS-07)', async () => {
    const answer = await ask(await world.somebody(3), undefined, { level: 'EH2' });
    expect([answer.status, answer.body['code']]).toEqual([409, 'rights-level-too-low']);
    expect(answer.body['errors']).toMatchObject([{ level: 'EH3' }]);
    having(await ask(await world.somebody(2), undefined, { level: 'EH2' }), 201);
  });

  it('asks about himself alone (RIGHTS-04)', async () => {
    const other = await world.somebody();
    const answer = await ask(await world.somebody(), { person: other.person });
    expect([answer.status, answer.body['code']]).toEqual([409, 'rights-of-another']);
  });

  it('shows himself by a login of now on an intake for a change', async () => {
    const who = await world.somebody();
    expect((await ask(who, undefined, { purpose: 'insight' })).body['code']).toBe('purpose-not-in-application');
    const old = await asking(who);
    const elsewhere = { ...old, application: await world.intake('change') };
    expect((await supplier.command('/v1/rights-requests', elsewhere)).body['code']).toBe('check-not-in-dossier');
  });

  it('is answered the same again when he is heard twice', async () => {
    const body = await asking(await world.somebody());
    const key = freshKey();
    const first = having(await supplier.command('/v1/rights-requests', body, key), 201);
    const again = having(await supplier.command('/v1/rights-requests', body, key), 201);
    expect([again.body['id'], again.headers.get('idempotency-replayed')]).toEqual([first.body['id'], 'true']);
  });

  it('is held without being told why (ARCH-10)', async () => {
    const who = await world.somebody();
    const governance = await suite.client('governance');
    having(await contact(`/v1/persons/${who.person}`), 201);
    const on = { kind: 'person', id: who.person };
    having(await governance.command('/v1/legal-holds', { on, reason: 'Rechtbank, zaak 7' }), 201);
    const { body } = having(await ask(who), 201);
    expect(body['data']).toContainEqual({ kind: 'identity', effect: 'kept', ground: 'legalHold', count: 1 });
    expect(body['data']).toContainEqual({ kind: 'contacts', effect: 'kept', ground: 'legalHold', count: 1 });
    having(await decide(body['id']), 200);
    await done(body['id']);
    expect(await contactsAt(`/v1/persons/${who.person}`)).toHaveLength(1);
    expect(JSON.stringify(body)).not.toContain('zaak 7');
  });

  it('gets every fault of a bad request at once', async () => {
    const bad = { type: 'forgetting', application: 'x', about: {}, requester: { person: 1 }, more: true };
    const answer = await supplier.command('/v1/rights-requests', bad);
    expect(answer.status).toBe(400);
    const pointers = (answer.body['errors'] as readonly Json[]).map((fault) => fault['pointer']);
    for (const pointer of [
      '/type',
      '/application',
      '/about',
      '/requester/person',
      '/requester/authentication',
      '/more',
    ]) {
      expect(pointers).toContain(pointer);
    }
    const { id } = having(await ask(await world.somebody()), 201).body;
    expect((await decide(id, { grant: true, prolong: { reason: 'x' } })).status).toBe(400);
    expect((await decide(id, {})).status).toBe(400);
    expect((await decide(uuid('right'))).body['code']).toBe('no-such-rights-request');
  });
});

describe('who speaks for an organization', () => {
  it.each(['its legal representative', 'an administrator of all of it'] as const)(
    '%s has its contacts erased (RIGHTS-04)',
    async (as) => {
      const party = await world.party();
      const who = await world.somebody();
      if (as !== 'its legal representative') await world.authorization(party, who, { authority: 'administration' });
      having(await contact(`/v1/parties/${party}`), 201);
      const asked = having(await ask(who, { party }, as === 'its legal representative' ? { of: party } : {}), 201);
      expect(asked.body['requester']).toMatchObject({
        role: as === 'its legal representative' ? 'legalRepresentative' : 'administrator',
      });
      expect(asked.body['data']).toMatchObject([
        { kind: 'contacts', effect: 'erased', count: 1 },
        { kind: 'details', effect: 'kept' },
      ]);
      having(await decide(asked.body['id']), 200);
      await done(asked.body['id']);
      expect(await contactsAt(`/v1/parties/${party}`)).toEqual([]);
    },
  );

  it('is not who is authorized for it, nor who manages some of it (RIGHTS-04)', async () => {
    const party = await world.party();
    const colleague = await world.somebody();
    await world.authorization(party, colleague);
    const limited = await world.somebody();
    await world.authorization(party, limited, { authority: 'administration', establishments: ['000037178598'] });
    for (const who of [colleague, limited]) {
      expect((await ask(who, { party })).body['code']).toBe('rights-of-another');
    }
  });

  it('logs in at the level of what is registered about it (RIGHTS-07)', async () => {
    const party = await world.party();
    const who = await world.somebody(2);
    await world.authorization(party, await world.somebody(3));
    const answer = await ask(who, { party }, { of: party, level: 'EH2' });
    expect(answer.body['code']).toBe('rights-level-too-low');
  });
});
