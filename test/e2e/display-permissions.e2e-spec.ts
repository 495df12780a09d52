import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuid } from '#libs/testing';
import type { Json } from './support/api.js';
import { at } from './support/case.js';
import { having, type Answer, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { everything, sightOf, sights, viewedAt, worldOn, type Somebody, type World } from './support/viewers.js';

/** What a service consumer states of the permission of those whom it authorizes, and who is shown by it (CONSENT-08). */

let suite: MemorySuite;
let supplier: Client;
let world: World;

beforeAll(async () => {
  suite = await startMemorySuite();
  supplier = await suite.client('supplier');
  world = await worldOn(suite, supplier);
});
afterAll(() => suite.end());

const UNSTATED = { displayPermitted: undefined };

interface Case {
  readonly party: string;
  readonly director: Somebody;
  readonly colleague: Somebody;
  readonly authorization: string;
}

/** Two colleagues of a consumer that has a director and no administrator, of one of whom nothing is stated. */
async function consumer(): Promise<Case> {
  const party = await world.party();
  const [director, colleague] = [await world.somebody(), await world.somebody()];
  await world.authorization(party, colleague);
  const authorization = await world.authorization(party, await world.somebody(), { data: UNSTATED });
  return { party, director, colleague, authorization };
}

const shownAt = (party: string, person: string): Json => ({
  ...{ type: 'representationCheck', about: { person }, party, register: 'tradeRegister', via: 'online', asOf: at(0) },
  ...{ outcome: 'found', basis: 'byName', agrees: true, limitation: 'none', sameDataAsIdentified: true },
  source: { name: 'trade-register', reference: 'extract-1' },
});

interface Login {
  readonly application: string;
  readonly statedBy: { readonly person: string; readonly authentication: string };
}

/** An intake for a change with a login on it, and a look that shows whom he represents. */
async function login(
  who: Somebody,
  { of, level, purpose = 'change' }: { of?: string; level?: string; purpose?: string } = {},
) {
  const application = await world.intake(purpose);
  if (of !== undefined) await world.check(application, shownAt(of, who.person));
  const statedBy = await world.viewing(who, { application, ...(level === undefined ? {} : { level }) });
  return { application, statedBy } satisfies Login;
}

const state = (authorization: string, by: Login, permitted = true, key?: string): Promise<Answer> =>
  supplier.command(`/v1/authorizations/${authorization}/display-permissions`, { ...by, permitted }, key);

const codes = ({ body }: Answer): readonly unknown[] =>
  ((body['errors'] ?? [body]) as readonly Json[]).map(({ code }) => code);

describe('a colleague', () => {
  it('is shown who acts for the same consumer once that states that he permits it, and no more once it takes that back (CONSENT-08, VIS-02)', async () => {
    const { party, director, colleague, authorization } = await consumer();
    const viewing = await world.viewing(colleague);
    const seen = async () => [
      await sightOf(supplier, viewing, 'authorizations', authorization),
      sights(await everything(supplier, 'authorizations', viewing))[authorization],
    ];
    expect(await seen()).toEqual(['nothing', undefined]);
    const by = await login(director, { of: party });
    const { body } = having(await state(authorization, by), 200);
    expect(body['displayPermission']).toEqual({
      ...{ permitted: true, statedBy: director.person },
      statedAt: expect.stringMatching(/Z$/),
    });
    expect(await seen()).toEqual(['indication', 'indication']);
    having(await state(authorization, by, false), 200);
    expect(await seen()).toEqual(['nothing', undefined]);
  });
});

describe('the statement', () => {
  it('stands in the overview of the person himself, of his administrator and of the back office, with the consent (CONSENT-07, RIGHTS-05)', async () => {
    const { party, director } = await consumer();
    const employee = await world.somebody();
    const authorization = await world.authorization(party, employee, { data: UNSTATED });
    having(await state(authorization, await login(director, { of: party })), 200);
    const administrator = await world.somebody();
    await world.authorization(party, administrator, { authority: 'administration' });
    const path = `/v1/authorizations/${authorization}`;
    for (const answer of [
      await supplier.get(path),
      await supplier.get(viewedAt(path, await world.viewing(employee))),
      await supplier.get(viewedAt(path, await world.viewing(administrator))),
    ])
      expect(having(answer, 200).body).toMatchObject({
        displayConsent: true,
        displayPermission: { permitted: true, statedBy: director.person },
      });
  });

  it('is made with a registration or by an administrator, whom no statement is needed for (CONSENT-08, VIS-01)', async () => {
    const party = await world.party();
    const administrator = await world.somebody();
    await world.authorization(party, administrator, { authority: 'administration' });
    const withIt = await world.authorization(party, await world.somebody());
    const without = await world.authorization(party, await world.somebody(), { data: UNSTATED });
    const viewing = await world.viewing(administrator);
    for (const id of [withIt, without]) expect(await sightOf(supplier, viewing, 'authorizations', id)).toBe('whole');
    const { body } = having(await supplier.get(`/v1/authorizations/${withIt}`), 200);
    expect(body['displayPermission']).toMatchObject({ permitted: true });
    having(await state(without, await login(administrator)), 200);
  });

  it('is of who manages what it is about, at its level (ADMIN-06, ADMIN-10, RIGHTS-07)', async () => {
    const { party, director, colleague, authorization } = await consumer();
    expect(codes(having(await state(authorization, await login(colleague)), 409))).toEqual([
      'no-administration-authority',
    ]);
    expect(codes(having(await state(authorization, await login(director, { of: party, level: 'EH2' })), 409))).toEqual([
      'admin-level-too-low',
    ]);
    // Who may not act alone sees it (VIS-01), and decides nothing by himself (CONT-09).
    const notAlone = await world.somebody();
    const nature = { rightOfSubstitution: false, actsIndependently: false };
    await world.authorization(party, notAlone, { authority: 'administration', data: { nature } });
    const viewing = await world.viewing(notAlone);
    expect(await sightOf(supplier, viewing, 'authorizations', authorization)).toBe('whole');
    expect(codes(having(await state(authorization, await login(notAlone)), 409))).toEqual([
      'no-administration-authority',
    ]);
    const ofOne = await world.somebody();
    await world.authorization(party, ofOne, { authority: 'administration', establishments: ['000037178598'] });
    const elsewhere = await world.authorization(party, await world.somebody(), { establishments: ['000037178601'] });
    expect(codes(having(await state(elsewhere, await login(ofOne)), 409))).toEqual(['outside-establishment']);
  });

  it('is of a person, of what stands, by a login of its own intake for a change', async () => {
    const { party, director, authorization } = await consumer();
    const by = await login(director, { of: party });
    const toIntermediary = await world.authorization(party, await world.party());
    expect(codes(having(await state(toIntermediary, by), 409))).toEqual(['nobody-to-show']);
    const ended = await world.authorization(party, await world.somebody(), { until: 'revoked', data: UNSTATED });
    expect(codes(having(await state(ended, by), 409))).toEqual(['no-such-registration']);
    having(await state(uuid('auth', 99_999), by), 404);
    const insight = await login(director, { of: party, purpose: 'insight' });
    expect(codes(having(await state(authorization, insight), 409))).toEqual(['purpose-not-in-application']);
    const another = await login(director, { of: party });
    const elsewhere = { application: another.application, statedBy: by.statedBy };
    expect(having(await state(authorization, elsewhere), 400).body['errors']).toEqual([
      expect.objectContaining({ code: 'check-not-in-dossier', pointer: '/statedBy/authentication' }),
    ]);
    const unknown = {
      application: uuid('appl', 99_999),
      statedBy: { person: uuid('person', 99_999), authentication: uuid('check', 99_999) },
    };
    expect(codes(having(await state(authorization, unknown), 400))).toEqual([
      ...['unknown-application', 'unknown-person', 'unknown-check'],
    ]);
  });

  // Last: the clock of the register goes on.
  it('is answered again as it was, when the login is long past, and is one under its key', async () => {
    const { party, director, authorization } = await consumer();
    const by = await login(director, { of: party });
    const key = `statement-${authorization.slice(0, 8)}`;
    const first = having(await state(authorization, by, true, key), 200);
    suite.pass(3 * 3_600_000);
    const again = having(await state(authorization, by, true, key), 200);
    expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([first.body, 'true']);
    expect(codes(having(await state(authorization, by, false, key), 409))).toEqual(['idempotency-key-reused']);
    expect(codes(having(await state(authorization, by, false), 409))).toEqual(['viewer-login-refused']);
  });
});
