import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { documentStatus, representativeChecks } from '#apps/suite';
import { StoreUnavailable, type EventStore } from '#libs/eventing';
import { streamId } from '#libs/kernel';
import type { Json } from './support/api.js';
import { paperCase, question, type IssuedMeans, type PaperCase } from './support/case.js';
import { faultsOf, freshKey, having, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { until } from './support/until.js';

/** Somebody leaves a party: one request, one line for each of what he has there (REV-04, REV-07, PROOF-09). */

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

const PATH = '/v1/revocation-requests';

/** An employee with two authorizations, one of them suspended or not taken up, and two means. */
interface Scene {
  readonly case1: PaperCase;
  readonly means: readonly IssuedMeans[];
  readonly authorizations: readonly string[];
}
async function scene(): Promise<Scene> {
  const case1 = await paperCase(supplier);
  const means = [await case1.means(), await case1.means()];
  const authorizations = [
    (await case1.authorize(means[0]!.id))['id'] as string,
    (await case1.authorize(means[1]!.id, { awaitsActivation: true }))['id'] as string,
  ];
  return { case1, means, authorizations };
}
const says = async ({ case1, means }: Scene): Promise<unknown> =>
  having(await network.ask('/access/v1/evaluation', question(means[0]!.pseudonym, case1.organization)), 200).body[
    'decision'
  ];
const statuses = async ({ means, authorizations }: Scene): Promise<readonly unknown[]> =>
  Promise.all(
    [...authorizations.map((id) => `/v1/authorizations/${id}`), ...means.map(({ id }) => `/v1/means/${id}`)].map(
      async (path) => having(await supplier.get(path), 200).body['status'],
    ),
  );
const objectsIn = (of: Scene): readonly Json[] => [
  ...of.authorizations.map((authorization) => ({ authorization })),
  ...of.means.map(({ id }) => ({ means: id })),
];
const linesOf = (body: Json): readonly Json[] => body['lines'] as readonly Json[];
const leaving = ({ case1 }: Scene): Json => ({ person: case1.employee.id, party: case1.party });

/** A letter of the director, with or without what was looked up about him. */
async function letter(of: Scene, withChecks = true, more: Json = {}): Promise<Json> {
  const { desk, director, party } = of.case1;
  const application = await desk.application('nonElectronic', ['revocation'], 1, 'writing');
  const checks: string[] = [];
  for (const facts of withChecks ? [...representativeChecks(director, party), documentStatus(director)] : []) {
    checks.push(await desk.check(application, facts, 0));
  }
  const requester = { role: 'legalRepresentative', person: director.id };
  return { application, object: leaving(of), requester, checks, ...more };
}

describe('a leaver', () => {
  it('loses all authorizations of the party and the means applied for there, each with its own line', async () => {
    const [of, other] = [await scene(), await scene()];
    expect(await says(of)).toBe(true);
    const [body, key] = [await letter(of), freshKey()];
    const answer = having(await supplier.command(PATH, body, key), 201);
    expect(await says(of)).toBe(false);
    expect(answer.body).toMatchObject({
      ...{ status: 'effected', object: leaving(of), level: 'EH3', immediate: false },
      ...{ breached: false, alreadyRevoked: false, dueAt: expect.any(String) },
    });
    const lines = linesOf(answer.body);
    expect(lines.map(({ object }) => object)).toHaveLength(4);
    expect(lines.map(({ object }) => object)).toEqual(expect.arrayContaining([...objectsIn(of)]));
    for (const line of lines) {
      expect(line).toMatchObject({
        status: 'effected',
        level: 'EH3',
        codes: [],
        alreadyRevoked: false,
        breached: false,
      });
    }
    expect(await statuses(of)).toEqual(['revoked', 'revoked', 'revoked', 'revoked']);
    // Somebody else at another party keeps what he has.
    expect(await statuses(other)).toEqual(['active', 'awaitingActivation', 'active', 'active']);
    const again = having(await supplier.command(PATH, body, key), 201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toMatchObject({ id: answer.body['id'], lines });
    for (const filter of [{ person: of.case1.employee.id }, { party: of.case1.party }]) {
      const page = { limit: 10, after: answer.body['position'] };
      const found = having(await supplier.ask(`${PATH}/_search`, { ...filter, ...page }), 200).body;
      expect((found['items'] as Json[]).map(({ id }) => id)).toEqual([answer.body['id']]);
    }
    // Nothing is left to end.
    const nothing = having(await supplier.command(PATH, await letter(of)), 201).body;
    expect(nothing).toMatchObject({ status: 'refused', codes: ['no-such-registration'] });
  });

  it('is judged line by line: who is identified for one level ends what is at that level (REV-04, REV-05)', async () => {
    const of = await scene();
    const { case1, means } = of;
    const lower = (
      await case1.authorize(means[1]!.id, { aimedLevel: 'EH2', acceptLower: true, checks: withoutIv3(case1) })
    )['id'] as string;
    const at = having(await supplier.get(`/v1/authorizations/${lower}`), 200).body;
    expect(at['m']).toBe(2);
    const body = await letter(of);
    // Without the look at the status of his document the letter earns IO2.
    const checks = (body['checks'] as string[]).slice(0, -1);
    const answer = having(await supplier.command(PATH, { ...body, checks }), 201).body;
    expect(answer).toMatchObject({ status: 'effected', level: 'EH3', identification: { ioScore: 2 } });
    const ended = linesOf(answer).filter(({ status }) => status === 'effected');
    expect(ended.map(({ object }) => object)).toEqual([{ authorization: lower }]);
    for (const line of linesOf(answer).filter(({ status }) => status === 'refused')) {
      expect(line).toMatchObject({ level: 'EH3', codes: ['requester-not-identified'] });
      expect(line).not.toHaveProperty('effectedAt');
    }
    expect(await says(of)).toBe(true);
    // All of it refused is a refusal of the request.
    const nobody = { requester: { role: 'other', person: case1.director.id } };
    const stranger = having(await supplier.command(PATH, await letter(of, true, nobody)), 201).body;
    expect(stranger).toMatchObject({ status: 'refused', codes: ['requester-not-entitled'] });
    expect(linesOf(stranger).every(({ status }) => status === 'refused')).toBe(true);
  });

  it('waits on paper without checks, and what he has by the decision ends (REV-06)', async () => {
    const of = await scene();
    const body = await letter(of, false);
    const received = having(await supplier.command(PATH, body), 201).body;
    expect(received).toMatchObject({ status: 'received', level: 'EH3', dueAt: expect.any(String) });
    expect(received).not.toHaveProperty('lines');
    const later = (await of.case1.authorize(of.means[0]!.id))['id'] as string;
    const { desk, director, party } = of.case1;
    const checks: string[] = [];
    for (const facts of [...representativeChecks(director, party), documentStatus(director)]) {
      checks.push(await desk.check(body['application'] as string, facts, 0));
    }
    const decided = await supplier.command(`${PATH}/${String(received['id'])}/decisions`, { checks });
    const answer = having(decided, 200).body;
    expect(linesOf(answer).map(({ object }) => object)).toEqual(
      expect.arrayContaining([...objectsIn(of), { authorization: later }]),
    );
    expect(answer).toMatchObject({ status: 'effected', dueAt: received['dueAt'] });
    expect(await says(of)).toBe(false);
  });

  it.each(['RevocationAccepted', 'AuthorizationRevoked'])(
    'loses what is registered for him until it is carried out: before %s is on record',
    async (type) => {
      const of = await scene();
      const body = await letter(of);
      let registering: Promise<Json> | undefined;
      events.append = async (stream, expected, written) => {
        // Handler and process may both write it: neither goes on before the other authorization is there.
        if (written.some((event) => event.type === type)) await (registering ??= of.case1.authorize(of.means[0]!.id));
        return append(stream, expected, written);
      };
      const answer = having(await supplier.command(PATH, body), 201).body;
      const late = (await registering!)['id'] as string;
      const lines = linesOf(answer);
      expect(lines.map(({ object }) => object)).toEqual(
        expect.arrayContaining([...objectsIn(of), { authorization: late }]),
      );
      expect(lines.map(({ status }) => status)).toEqual(lines.map(() => 'effected'));
      expect(having(await supplier.get(`/v1/authorizations/${late}`), 200).body).toMatchObject({ status: 'revoked' });
      expect(await says(of)).toBe(false);
    },
  );

  it('loses what is registered while that is ended, again and again, until nothing is new', async () => {
    const of = await scene();
    const body = await letter(of);
    // Applied for elsewhere, so that it lasts.
    const lasting = (await of.case1.issued())['id'] as string;
    const late: string[] = [];
    let registering: Promise<unknown> = Promise.resolve();
    const seen = new Set<string>();
    events.append = async (stream, expected, written) => {
      // Each of the first ends gives him one more, handler and process whichever comes first.
      if (written.some(({ type }) => type === 'AuthorizationRevoked') && !seen.has(stream) && seen.size < 5) {
        seen.add(stream);
        registering = registering.then(async () => late.push((await of.case1.authorize(lasting))['id'] as string));
      }
      if (written.some(({ type }) => type === 'AuthorizationRevoked')) await registering;
      return append(stream, expected, written);
    };
    const answer = having(await supplier.command(PATH, body), 201).body;
    expect(late).toHaveLength(5);
    const lines = linesOf(answer);
    expect(lines.map(({ object }) => object)).toEqual(
      expect.arrayContaining([...objectsIn(of), ...late.map((authorization) => ({ authorization }))]),
    );
    expect(lines.map(({ status }) => status)).toEqual(lines.map(() => 'effected'));
    for (const id of late)
      expect(having(await supplier.get(`/v1/authorizations/${id}`), 200).body).toMatchObject({ status: 'revoked' });
    // Each line is on record before its object has ended, and once.
    const history = await events.readStream(streamId('revocationRequest', answer['id'] as string));
    const extended = history.filter(({ type }) => type === 'RevocationExtended');
    const added = extended.flatMap(({ bytes }) => {
      const { lines: written } = (JSON.parse(bytes) as { readonly data: { readonly lines: readonly Json[] } }).data;
      return written.map(({ object }) => object);
    });
    expect(added).toHaveLength(5);
    expect(new Set(added.map((object) => JSON.stringify(object))).size).toBe(5);
  });

  it('is carried out to the end by the process, where it was interrupted between two lines', async () => {
    const of = await scene();
    const [body, key] = [await letter(of), freshKey()];
    const last = streamId('means', of.means[1]!.id);
    events.append = (stream, ...rest) =>
      stream === last ? Promise.reject(new StoreUnavailable('away')) : append(stream, ...rest);
    const answer = having(await supplier.command(PATH, body, key), 202).body;
    expect(answer).toMatchObject({ status: 'accepted' });
    // What was reached by then has ended; the rest stands until the store is back.
    expect(linesOf(answer).every(({ status }) => status === 'accepted')).toBe(true);
    events.append = append;
    await until('it is carried out', async () => {
      const { body: shown } = having(await supplier.get(`${PATH}/${String(answer['id'])}`), 200);
      return shown['status'] === 'effected';
    });
    const effected = having(await supplier.command(PATH, body, key), 201).body;
    expect(effected).toMatchObject({ id: answer['id'], status: 'effected', alreadyRevoked: false });
    expect(linesOf(effected).map(({ status, alreadyRevoked }) => [status, alreadyRevoked])).toEqual(
      linesOf(effected).map(() => ['effected', false]),
    );
    expect(await statuses(of)).toEqual(['revoked', 'revoked', 'revoked', 'revoked']);
    for (const { object } of linesOf(effected) as readonly { object: Record<string, string> }[]) {
      const [kind, id] = Object.entries(object)[0]!;
      const history = await events.readStream(streamId(kind as 'means', id));
      expect(history.filter(({ type }) => type.endsWith('Revoked'))).toHaveLength(1);
    }
  });

  it('loses what came late by the checks as they stood at the acceptance, however late that is tried again (AMB-70)', async () => {
    const own = await startMemorySuite();
    try {
      const client = await own.client('supplier');
      const case1 = await paperCase(client);
      const means = await case1.means();
      const first = (await case1.authorize(means.id))['id'] as string;
      const of = { case1, means: [means], authorizations: [first] };
      const body = await letter(of);
      const store = own.stores.events;
      const through = store.append.bind(store);
      const held = new Set(['AuthorizationRevoked', 'MeansRevoked', 'RevocationExtended']);
      store.append = (stream, expected, written) =>
        written.some(({ type }) => held.has(type))
          ? Promise.reject(new StoreUnavailable('away'))
          : through(stream, expected, written);
      const answer = having(await client.command(PATH, body), 202).body;
      const late = (await case1.authorize(means.id))['id'] as string;
      // By then no look at the trade register is young enough for a request that comes in.
      own.pass(6 * 86_400_000);
      store.append = through;
      const shown = async (): Promise<Json> => having(await client.get(`${PATH}/${String(answer['id'])}`), 200).body;
      await until('it is carried out', async () => (await shown())['status'] === 'effected');
      const line = linesOf(await shown()).find(({ object }) => (object as Json)['authorization'] === late);
      expect(line).toMatchObject({ status: 'effected', codes: [] });
      expect(having(await client.get(`/v1/authorizations/${late}`), 200).body).toMatchObject({ status: 'revoked' });
    } finally {
      await own.end();
    }
  });

  it('and what he leaves are named both, and are on record', async () => {
    const of = await scene();
    const body = await letter(of, false);
    const faults = async (object: Json) => faultsOf(having(await supplier.command(PATH, { ...body, object }), 400));
    const { person, party } = leaving(of);
    expect(await faults({ person })).toEqual(['/object invalid-value']);
    expect(await faults({ party })).toEqual(['/object invalid-value']);
    expect(await faults({ person, party, means: of.means[0]!.id })).toEqual(['/object invalid-value']);
    const unknown = randomUUID();
    expect([...(await faults({ person: unknown, party: unknown }))].sort()).toEqual([
      '/object/party unknown-party',
      '/object/person unknown-person',
    ]);
  });
});

/** The dossier of a registration that earns M2: nobody looked at the status of the director's document. */
const withoutIv3 = (case1: PaperCase): readonly string[] =>
  case1.dossier.filter((check) => check !== case1.documentStatusOfDirector);
