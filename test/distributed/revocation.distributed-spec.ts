import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { tcpProxy, unless } from '#libs/testing';
import type { Json } from '../e2e/support/api.js';
import { paperCase, question, type IssuedMeans, type PaperCase } from '../e2e/support/case.js';
import { client, freshKey, having, type Client } from '../e2e/support/client.js';
import {
  noProcesses,
  READY_WITHIN,
  startProcesses,
  type AppProcess,
  type Processes,
} from '../e2e/support/processes.js';
import { databaseSettings, freshPlace, type Place } from '../e2e/support/suite.js';
import { until } from '../e2e/support/until.js';

/** Milliseconds: longer than a busy machine lets a process wait, shorter than whoever revokes waits. */
const LEASE = 3_000;
/** Questions that lie with an instance while it does nothing. */
const WAITING = 8;

interface Subject {
  readonly pseudonym: string;
  readonly request: Json;
}

/** Several decision instances, each a process, behind the gateway (interfaces.md §8). */
unless(noProcesses()).describe('a revocation that is answered, across processes', () => {
  let place: Place;
  let processes: Processes;
  let supplier: Client;
  let network: Client;
  let case1: PaperCase;
  let login: IssuedMeans;
  let first: AppProcess;
  let second: AppProcess;
  /** One that nobody revokes. */
  let lasting: string;

  beforeAll(async () => {
    place = await freshPlace();
    processes = await startProcesses({
      ...{ dataDir: place.dataDir, env: databaseSettings(place) },
      args: ['--log-level', 'warn', '--decision-lease', String(LEASE)],
      instances: { assurance: 2 },
    });
    [first, second] = processes.apps.filter(({ app }) => app === 'assurance') as [AppProcess, AppProcess];
    const { url, issuer } = processes;
    supplier = client(url, await issuer.issue({ role: 'supplier', client: 'office', clerk: 'clerk-1' }));
    network = client(url, await issuer.issue({ role: 'network', client: 'network' }));
    case1 = await paperCase(supplier);
    login = await case1.means();
    const means = await case1.means();
    await case1.authorize(means.id);
    lasting = means.pseudonym;
  }, READY_WITHIN);
  afterAll(async () => {
    await processes?.stop();
    await place?.drop();
  }, READY_WITHIN);

  const ask = async (pseudonym: string, at: string = network.url): Promise<boolean> => {
    const answer = await client(at, network.token).ask(
      '/access/v1/evaluation',
      question(pseudonym, case1.organization),
    );
    return answer.status === 200 && answer.body['decision'] === true;
  };
  async function subject(): Promise<Subject> {
    const means = await case1.means();
    const authorization = await case1.authorize(means.id);
    return {
      pseudonym: means.pseudonym,
      request: await case1.revocation({ authorization: authorization['id'] }, login.id),
    };
  }
  const saysYes = (pseudonym: string, ...instances: readonly AppProcess[]): Promise<void> =>
    until('every instance says yes', async () =>
      (await Promise.all(instances.map(({ url }) => ask(pseudonym, url)))).every(Boolean),
    );
  const send = (request: Json, key: string) => supplier.command('/v1/revocation-requests', request, key);
  /** Revokes until it is effective everywhere; whoever is told 202 asks again. */
  async function revoke(request: Json): Promise<void> {
    const key = freshKey();
    await until('it is effective everywhere', async () => (await send(request, key)).status === 201);
  }
  /** Questions sent to an instance that does nothing: they lie there until it wakes up. */
  const waitingAt = ({ url }: AppProcess, pseudonym: string): Promise<readonly boolean[]> =>
    Promise.all(Array.from({ length: WAITING }, () => ask(pseudonym, url).catch(() => false)));
  const knownDown = (count: number): Promise<void> =>
    until('the gateway knows who does not answer', async () =>
      (await (await fetch(`${processes.url}/metrics`)).text()).includes(
        `waarborg_gateway_upstreams{app="assurance",state="down"} ${count}\n`,
      ),
    );

  it('is a no at every instance and behind the gateway, at once', async () => {
    for (let times = 0; times < 3; times++) {
      const { pseudonym, request } = await subject();
      await saysYes(pseudonym, first, second);
      await revoke(request);
      const answers = await Promise.all([first.url, second.url, processes.url].map((url) => ask(pseudonym, url)));
      expect(answers).toEqual([false, false, false]);
    }
  });

  it('waits for an instance that is paused, until its lease has run out; awake it says no', async () => {
    const { pseudonym, request } = await subject();
    await saysYes(pseudonym, first, second);
    second.freeze();
    const waiting = waitingAt(second, pseudonym);
    await revoke(request);
    expect(await ask(pseudonym, first.url)).toBe(false);
    await knownDown(1);
    expect(await ask(pseudonym)).toBe(false);
    expect(await ask(lasting)).toBe(true);
    second.thaw();
    // Those that lay there, and one that comes as soon as it is awake.
    expect(await Promise.all([waiting, ask(pseudonym, second.url)])).toEqual([Array(WAITING).fill(false), false]);
    await saysYes(lasting, first, second);
    expect(await ask(pseudonym, second.url)).toBe(false);
    await knownDown(0);
  });

  it('is answered when an instance was killed, which finds it revoked when it is back', async () => {
    const { pseudonym, request } = await subject();
    await saysYes(pseudonym, first, second);
    await second.kill();
    await revoke(request);
    expect(await ask(pseudonym)).toBe(false);
    second = await second.again();
    await saysYes(lasting, second);
    expect(await ask(pseudonym, second.url)).toBe(false);
    await knownDown(0);
  });

  it('is not held up by an instance that loses its database, which says no yes from then on', async () => {
    const proxy = await tcpProxy(place.register.logins.application);
    try {
      const apart = await processes.beside('assurance', {
        args: ['--log-level', 'fatal', '--decision-lease', String(LEASE)],
        env: { DATABASE_URL: proxy.through(place.register.logins.application) },
      });
      const { pseudonym, request } = await subject();
      await saysYes(pseudonym, first, second, apart);
      await proxy.close();
      await revoke(request);
      expect(await ask(pseudonym, apart.url)).toBe(false);
      expect(await ask(lasting, apart.url)).toBe(false);
      expect(await ask(lasting, first.url)).toBe(true);
      await apart.kill();
    } finally {
      await proxy.close();
    }
  });

  it('would be noticed to say yes: what lies with a paused instance reaches it, and is a yes within its lease', async () => {
    const apart = await processes.beside('assurance', { args: ['--log-level', 'warn', '--decision-lease', '60000'] });
    const { pseudonym, request } = await subject();
    await saysYes(lasting, first, second, apart);
    apart.freeze();
    const waiting = waitingAt(apart, lasting);
    const key = freshKey();
    // It is counted on still, so that nobody is told that the revocation is effective everywhere.
    having(await send(request, key), 202);
    apart.thaw();
    expect(await waiting).toEqual(Array(WAITING).fill(true));
    await until('it is effective everywhere', async () => (await send(request, key)).status === 201);
    expect(await ask(pseudonym, apart.url)).toBe(false);
    await apart.stop();
  });
});
