import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { documentStatus, representativeChecks } from '#apps/suite';
import { authorizationDecider } from '#libs/domain';
import { StoreUnavailable, type EventStore } from '#libs/eventing';
import { streamId } from '#libs/kernel';
import type { Json } from './support/api.js';
import { paperCase, question, type IssuedMeans, type PaperCase } from './support/case.js';
import { faultsOf, freshKey, having, type Answer, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { until } from './support/until.js';

/** A letter that asks for a suspension is recorded on receipt, and waits on the work list as one to revoke (SUS-02, TURN-01). */

const PATH = '/v1/revocation-requests';

let suite: MemorySuite;
let supplier: Client;
let network: Client;
let events: EventStore;
let append: EventStore['append'];

beforeAll(async () => {
  suite = await startMemorySuite();
  [supplier, network] = await Promise.all([suite.client('supplier'), suite.client('network')]);
  ({ events } = suite.stores);
  append = events.append.bind(events);
});
afterEach(() => {
  events.append = append;
});
afterAll(() => suite.end());

interface Scene {
  readonly case1: PaperCase;
  readonly means: IssuedMeans;
  readonly login: IssuedMeans;
  readonly authorization: string;
}
async function scene(): Promise<Scene> {
  const case1 = await paperCase(supplier);
  const [means, login] = [await case1.means(), await case1.means()];
  return { case1, means, login, authorization: (await case1.authorize(means.id))['id'] as string };
}
const says = async ({ case1, means }: Scene): Promise<unknown> =>
  having(await network.ask('/access/v1/evaluation', question(means.pseudonym, case1.organization)), 200).body[
    'decision'
  ];
const statusOf = async (path: string): Promise<unknown> => having(await supplier.get(path), 200).body['status'];

/** A letter of the director, as it lies in the post. */
async function letterOf({ case1, authorization }: Scene, more: Json = {}): Promise<Json> {
  const application = await case1.desk.application('nonElectronic', ['suspension'], 1, 'writing');
  return {
    ...{ application, mutation: 'suspension', object: { authorization }, checks: [] },
    requester: { role: 'legalRepresentative', person: case1.director.id },
    ...more,
  };
}
const letter = async (of: Scene, more: Json = {}): Promise<Json> =>
  having(await supplier.command(PATH, await letterOf(of, more)), 201).body;

async function checksOf(of: Scene, application: unknown, all = true): Promise<string[]> {
  const { desk, director, party } = of.case1;
  const ids: string[] = [];
  for (const facts of [...representativeChecks(director, party), ...(all ? [documentStatus(director)] : [])]) {
    ids.push(await desk.check(application as string, facts, 0));
  }
  return ids;
}
const courtOrder = (of: Scene, application: unknown): Promise<string> =>
  of.case1.desk.check(
    application as string,
    {
      ...{ type: 'courtOrderVerification', about: { application }, authentic: true },
      ...{ court: 'RBDHA', order: 'order-2026-21' },
    },
    0,
  );
const decide = (of: Json, body: Json, key = freshKey()): Promise<Answer> =>
  supplier.command(`${PATH}/${String(of['id'])}/decisions`, body, key);
const shown = async ({ id }: Json): Promise<Json> => having(await supplier.get(`${PATH}/${String(id)}`), 200).body;
const workList = async (after: unknown): Promise<readonly Json[]> =>
  having(await supplier.ask(`${PATH}/_search`, { order: 'due', limit: 100, after }), 200).body['items'] as Json[];

describe('a letter that asks for a suspension and comes without checks', () => {
  it('waits with one working day, and changes nothing at use (TURN-01, SUS-02, REV-06)', async () => {
    const of = await scene();
    const received = await letter(of);
    expect(received).toMatchObject({
      ...{ mutation: 'suspension', status: 'received', level: 'EH3', deadline: 'ahead' },
      dueAt: expect.any(String),
    });
    expect(await says(of)).toBe(true);
    const listed = (await workList(received['position'])).find(({ id }) => id === received['id']);
    expect(listed).toMatchObject({ mutation: 'suspension', dueAt: received['dueAt'] });
    const asked = {
      ...{ mutation: 'suspension', object: 'authorization', level: 'EH3', channel: 'nonElectronic' },
      ...{ receivedAt: received['receivedAt'], requester: { role: 'legalRepresentative', ioScore: 3 } },
    };
    const { dueAt } = having(await supplier.ask('/v1/classifications/revocation-deadline', asked), 200).body;
    expect(received['dueAt']).toBe(new Date(dueAt as string).toISOString());
  });

  it.each(['authorization', 'means'] as const)(
    'suspends the %s once its checks are named (SUS-02, CAL-03)',
    async (what) => {
      const of = await scene();
      const object = what === 'means' ? { means: of.means.id } : { authorization: of.authorization };
      const received = await letter(of, { object });
      const checks = await checksOf(of, received['application']);
      const key = freshKey();
      const decided = having(await decide(received, { checks }, key), 200).body;
      expect(await says(of)).toBe(false);
      expect(decided).toMatchObject({
        ...{ id: received['id'], mutation: 'suspension', status: 'effected', immediate: false },
        ...{ dueAt: received['dueAt'], breached: false, alreadySuspended: false, alreadyRevoked: false },
        ...{ identification: { ioScore: 3 }, flags: [] },
      });
      const path = what === 'means' ? `/v1/means/${of.means.id}` : `/v1/authorizations/${of.authorization}`;
      expect(having(await supplier.get(path), 200).body).toMatchObject({ status: 'suspended', suspendedBy: ['party'] });
      const again = having(await decide(received, { checks }, key), 200);
      expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', decided]);
      expect((await workList(decided['position'])).map(({ id }) => id)).not.toContain(received['id']);
      const { body } = having(await supplier.get(`/v1/applications/${String(received['application'])}`), 200);
      expect(body['revocationRequests']).toEqual([received['id']]);
    },
  );

  it('of a court is lifted by a court only, once its order was verified (SUS-03)', async () => {
    const of = await scene();
    const received = await letter(of, { requester: { role: 'court' } });
    expect(received).toMatchObject({ status: 'received' });
    const order = await courtOrder(of, received['application']);
    expect(having(await decide(received, { checks: [order] }), 200).body).toMatchObject({ status: 'effected' });
    const object = having(await supplier.get(`/v1/authorizations/${of.authorization}`), 200).body;
    expect(object).toMatchObject({ suspendedBy: ['court'] });
  });

  it('is refused by checks that do not suffice, or withdrawn, and nothing comes of it (REV-05)', async () => {
    const of = await scene();
    const refused = await letter(of);
    const checks = (await checksOf(of, refused['application'], false)).slice(0, 1);
    const answer = having(await decide(refused, { checks }), 200).body;
    expect(answer).toMatchObject({ status: 'refused', codes: ['requester-not-entitled'] });
    const withdrawn = await letter(of);
    expect(having(await decide(withdrawn, { withdraw: true }), 200).body).toMatchObject({
      ...{ mutation: 'suspension', status: 'withdrawn' },
    });
    for (const body of [{ checks }, { withdraw: true }]) {
      expect(having(await decide(withdrawn, body), 409).body).toMatchObject({ code: 'revocation-decided-already' });
    }
    expect(await says(of)).toBe(true);
  });

  it('does not wait for what cannot be suspended: it is refused with why (MUT-01)', async () => {
    const of = await scene();
    const first = await letter(of);
    having(await decide(first, { checks: await checksOf(of, first['application']) }), 200);
    const codes = async (object: Json) => {
      const refused = await letter(of, { object });
      expect(refused).toMatchObject({ status: 'refused' });
      return refused['codes'];
    };
    expect(await codes({ authorization: of.authorization })).toEqual(['already-suspended']);
    const applied = having(
      await supplier.command('/v1/means', {
        ...{ application: of.case1.application, holder: of.case1.employee.id, product: 'password-sms', aimedStork: 3 },
      }),
      201,
    ).body;
    expect(await codes({ means: applied['id'] })).toEqual(['means-not-issued']);
    const ending = await of.case1.revocation({ authorization: of.authorization }, of.login.id);
    having(await supplier.command(PATH, ending), 201);
    expect(await codes({ authorization: of.authorization })).toEqual(['no-such-registration']);
    const endingMeans = await of.case1.revocation({ means: of.means.id }, of.login.id);
    having(await supplier.command(PATH, endingMeans), 201);
    expect(await codes({ means: of.means.id })).toEqual(['means-revoked']);
  });
});

describe('a request to suspend with its checks', () => {
  it('is carried out at once, on paper and electronically (CAL-03)', async () => {
    const [of, other] = [await scene(), await scene()];
    const body = await letterOf(of);
    const onPaper = await supplier.command(PATH, { ...body, checks: await checksOf(of, body['application']) });
    expect(having(onPaper, 201).body).toMatchObject({ mutation: 'suspension', status: 'effected' });
    expect(await says(of)).toBe(false);
    const application = await other.case1.desk.application('electronic', ['suspension'], 1, 'other');
    const login = await other.case1.desk.check(
      application,
      {
        ...{ type: 'authentication', about: { person: other.case1.employee.id }, means: other.login.id, level: 'EH3' },
        source: { name: 'authentication-service-1', reference: `assertion-1-${application.slice(0, 8)}` },
      },
      0,
    );
    const requester = { role: 'authorizedParty', person: other.case1.employee.id };
    const electronic = await letterOf(other, { application, requester, checks: [login] });
    expect(having(await supplier.command(PATH, electronic), 201).body).toMatchObject({
      ...{ status: 'effected', immediate: true, dueAt: null, breached: false },
    });
    expect(await says(other)).toBe(false);
    // A second one of the same kind is refused, and says so.
    const twice = await letterOf(of);
    const again = await supplier.command(PATH, { ...twice, checks: await checksOf(of, twice['application']) });
    expect(having(again, 201).body).toMatchObject({ status: 'refused', codes: ['already-suspended'] });
  });

  it('names an intake for it, and an object that can be paused', async () => {
    const of = await scene();
    const { employee, party } = of.case1;
    const leaver = await letterOf(of, { object: { person: employee.id, party } });
    expect(faultsOf(having(await supplier.command(PATH, leaver), 400))).toEqual(['/object invalid-value']);
    const { mutation: _mutation, ...toRevoke } = await letterOf(of);
    expect(faultsOf(having(await supplier.command(PATH, toRevoke), 400))).toEqual([
      '/application purpose-not-in-application',
    ]);
    const other = await letterOf(of, { mutation: 'renewal' });
    expect(faultsOf(having(await supplier.command(PATH, other), 400))).toEqual(['/mutation invalid-value']);
  });

  it('is asked about first, with nothing written', async () => {
    const of = await scene();
    const body = await letterOf(of);
    const checks = await checksOf(of, body['application']);
    const may = async (named: readonly string[]) =>
      having(await supplier.ask(`${PATH}/_precheck`, { ...body, checks: named }), 200).body;
    expect(await may(checks)).toMatchObject({ wouldSucceed: true, level: 'EH3', refusals: [] });
    expect(await may(checks.slice(0, 1))).toMatchObject({ wouldSucceed: false });
    expect(await says(of)).toBe(true);
  });
});

it('is found apart from requests to revoke, in the list and the work list', async () => {
  const of = await scene();
  const suspension = await letter(of);
  const application = await of.case1.desk.application('nonElectronic', ['revocation'], 1, 'writing');
  const { mutation: _mutation, ...body } = await letterOf(of);
  const revocation = having(await supplier.command(PATH, { ...body, application }), 201).body;
  for (const order of ['due', 'newest']) {
    for (const [mutation, one, other] of [
      ['suspension', suspension, revocation],
      ['revocation', revocation, suspension],
    ] as const) {
      const asked = { order, mutation, status: 'received', limit: 100, after: revocation['position'] };
      const items = having(await supplier.ask(`${PATH}/_search`, asked), 200).body['items'] as readonly Json[];
      expect(items.map((item) => item['mutation'])).toEqual(items.map(() => mutation));
      expect(items.map(({ id }) => id)).toContain(one['id']);
      expect(items.map(({ id }) => id)).not.toContain(other['id']);
    }
  }
  const answer = await supplier.ask(`${PATH}/_search`, { mutation: 'change' });
  expect(faultsOf(having(answer, 400))).toEqual(['/mutation invalid-value']);
});

describe('a suspension that was accepted', () => {
  it('is carried out by the process where it was interrupted, once', async () => {
    const of = await scene();
    const received = await letter(of);
    const checks = await checksOf(of, received['application']);
    events.append = (stream, ...rest) =>
      stream === `authorization-${of.authorization}`
        ? Promise.reject(new StoreUnavailable('away'))
        : append(stream, ...rest);
    expect(having(await decide(received, { checks }), 202).body).toMatchObject({ status: 'accepted' });
    events.append = append;
    await until('it is carried out', async () => (await shown(received))['status'] === 'effected');
    await until('no decision says yes', async () => (await says(of)) === false);
    const history = await events.readStream(`authorization-${of.authorization}` as never);
    expect(history.filter(({ type }) => type === 'AuthorizationSuspended')).toHaveLength(1);
  });

  it.each([
    ['was revoked', 'revocation', { alreadyRevoked: true, alreadySuspended: false }],
    ['was suspended', 'suspension', { alreadyRevoked: false, alreadySuspended: true }],
  ] as const)('finds that it %s meanwhile, and says so', async (_what, purpose, outcome) => {
    const of = await scene();
    const received = await letter(of);
    const checks = await checksOf(of, received['application']);
    const object = { authorization: of.authorization };
    const application = await of.case1.desk.application('electronic', [purpose], 1, 'other');
    const login = await of.case1.desk.check(
      application,
      {
        ...{ type: 'authentication', about: { person: of.case1.employee.id }, means: of.login.id, level: 'EH3' },
        source: { name: 'authentication-service-1', reference: `assertion-1-${application.slice(0, 8)}` },
      },
      0,
    );
    const body = { application, object, requester: { role: 'authorizedParty', person: of.case1.employee.id } };
    events.append = async (stream, expected, written) => {
      // It was judged, and is accepted in a moment.
      if (written.some(({ type }) => type === 'SuspensionAccepted')) {
        events.append = append;
        const path = purpose === 'revocation' ? PATH : '/v1/suspensions';
        const other = await supplier.command(path, { ...body, checks: [login] });
        expect([200, 201]).toContain(other.status);
        suite.pass(1);
      }
      return append(stream, expected, written);
    };
    const done = having(await decide(received, { checks }), 200).body;
    // By when that was done, and not by when this one was finished (REV-06).
    const stream = streamId('authorization', of.authorization as never);
    const { state } = await suite.backbone.commands.load(authorizationDecider, stream);
    const since =
      'revokedAt' in state ? state.revokedAt : 'suspensions' in state ? state.suspensions[0]!.suspendedAt : '';
    expect(done).toMatchObject({ status: 'effected', ...outcome, effectedAt: since });
    expect(await statusOf(`/v1/authorizations/${of.authorization}`)).toBe(
      purpose === 'revocation' ? 'revoked' : 'suspended',
    );
  });

  it('is breached where it came after its deadline (REV-06)', async () => {
    const of = await scene();
    const received = await letter(of);
    const checks = await checksOf(of, received['application']);
    suite.pass(Date.parse(received['dueAt'] as string) - Date.now() + 60_000);
    expect(await shown(received)).toMatchObject({ deadline: 'passed' });
    expect(having(await decide(received, { checks }), 200).body).toMatchObject({ status: 'effected', breached: true });
  });
});
