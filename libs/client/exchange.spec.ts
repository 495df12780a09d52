import { describe, expect, it } from '@jest/globals';
import { fakeRegister, idle, problem, thrown, type Reply } from './fakes.tests.js';
import { NoAnswerError, ProblemError } from './index.js';

const PARTY = {
  kind: 'privateLegalPerson',
  register: 'kvk',
  number: '90000001',
  name: 'Test Stichting Bolderbast',
  naturalPersonsBusiness: false,
} as const;
const REGISTERED = { status: 201, body: { id: 'p-1', position: 'x' } };
const away = (headers: Record<string, string> = {}): Reply => ({ ...(problem(503, 'unavailable') as object), headers });
const reset = (): Error => new TypeError('fetch failed');

describe('a request that did not come through', () => {
  it.each<[string, Reply]>([
    ['503', problem(503, 'unavailable')],
    ['502 of something in between', { status: 502, body: '<html>Bad Gateway</html>' }],
    ['504 of something in between', { status: 504, body: '' }],
    ['429', problem(429, 'too-many-requests')],
    ['no connection', reset()],
    ['a connection that breaks within the answer', { broken: new TypeError('terminated') }],
    ['no answer in time', 'silence'],
  ])('is sent again with the same key and body: %s (§3)', async (_what, reply) => {
    const register = fakeRegister();
    register.replies(reply, reply, REGISTERED);
    expect(await register.clock.through(register.connect().api.partiesRegister({ body: PARTY }))).toEqual(
      REGISTERED.body,
    );
    expect(register.seen).toHaveLength(3);
    const [key] = register.seen.map(({ headers }) => headers['Idempotency-Key']);
    expect(key).toMatch(/^[\x21-\x7e]{8,64}$/);
    for (const { headers, body } of register.seen) {
      expect(headers['Idempotency-Key']).toBe(key);
      expect(body).toEqual(PARTY);
    }
  });

  it('is sent again as a read or a question, without a key', async () => {
    const register = fakeRegister();
    const client = register.connect();
    register.replies(reset(), { body: { id: 'p-1' } }, reset(), { body: { decision: true } });
    await register.clock.through(client.api.partiesShow({ path: { id: 'p-1' } }));
    const asked = client.raw({ method: 'POST', path: '/access/v1/evaluation', body: {} });
    expect(await register.clock.through(asked)).toMatchObject({ body: { decision: true } });
    expect(register.seen.map(({ path }) => path)).toEqual([
      '/v1/parties/p-1',
      '/v1/parties/p-1',
      '/access/v1/evaluation',
      '/access/v1/evaluation',
    ]);
    expect(register.seen.filter(({ headers }) => 'Idempotency-Key' in headers)).toEqual([]);
  });

  it.each([400, 401, 403, 404, 409, 410, 412, 413, 415, 500, 501])('is never repeated after a %i', async (status) => {
    const register = fakeRegister();
    register.replies({ ...problem(status, 'some-code'), headers: { 'retry-after': '1' } });
    const error = await thrown(register.clock.through(register.connect().api.partiesRegister({ body: PARTY })));
    expect(error).toMatchObject({ name: 'ProblemError', status, code: 'some-code' });
    expect(register.seen).toHaveLength(1);
  });

  it('is given up after so many attempts, with the last answer and the key', async () => {
    const register = fakeRegister();
    register.replies(...Array.from({ length: 5 }, () => problem(503, 'unavailable')));
    const error = await thrown(register.clock.through(register.connect().api.partiesRegister({ body: PARTY })));
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({
      status: 503,
      code: 'unavailable',
      key: register.seen[0]!.headers['Idempotency-Key'],
    });
    expect(register.seen).toHaveLength(5);
  });

  it('is given up where nothing ever answered, with the cause and the key to go on with', async () => {
    const register = fakeRegister();
    register.replies(reset(), reset(), reset());
    const client = register.connect({ patience: { attempts: 3 } });
    const error = await thrown(register.clock.through(client.api.partiesRegister({ body: PARTY, key: 'letter-0017' })));
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error).toMatchObject({ attempts: 3, key: 'letter-0017', cause: { message: 'fetch failed' } });
    expect(register.seen).toHaveLength(3);
  });

  it('is not begun again once patience has ended, however few attempts there were', async () => {
    const register = fakeRegister();
    register.replies('silence', 'silence', 'silence');
    const error = await thrown(register.clock.through(register.connect().api.statusGet()));
    // A third may begin with the last millisecond of the minute, none later.
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(register.seen.map(({ at }) => at)).toEqual([0, 30_000, 60_000]);
  });

  it.each<[string, Reply, number]>([
    ['in an attempt', 'silence', 5],
    ['in the last attempt', 'silence', 1],
    ['in a pause', reset(), 5],
  ])('ends at once when its caller no longer wants it: %s', async (_what, reply, attempts) => {
    const register = fakeRegister();
    const wish = new AbortController();
    register.replies(reply);
    const client = register.connect({ patience: { attempts } });
    const ended = thrown(client.api.statusGet({ signal: wish.signal }));
    await idle();
    wish.abort(new Error('no longer wanted'));
    expect(await ended).toMatchObject({ message: 'no longer wanted' });
    expect(register.seen).toHaveLength(1);
  });

  it('is not sent at all where its caller no longer wants it', async () => {
    const register = fakeRegister();
    const signal = AbortSignal.abort(new Error('no longer wanted'));
    expect(await thrown(register.connect().api.statusGet({ signal }))).toMatchObject({ message: 'no longer wanted' });
    expect(register.seen).toEqual([]);
  });
});

describe('the pause before it is sent again', () => {
  const pausesWith = async (random: number, replies: readonly Reply[], total = 60_000): Promise<readonly number[]> => {
    const register = fakeRegister();
    register.replies(...replies);
    const client = register.connect({ random: () => random, patience: { attempts: 9, total } });
    await register.clock.through(client.api.statusGet().catch(() => undefined));
    return register.seen.slice(1).map(({ at }, index) => at - register.seen[index]!.at);
  };

  it('is a random part of a time that doubles up to ten seconds', async () => {
    const nine = Array.from({ length: 9 }, reset);
    expect(await pausesWith(0, nine)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(await pausesWith(0.5, nine)).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    const longest = await pausesWith(1 - Number.EPSILON, nine);
    const bounds = [200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000];
    longest.forEach((pause, index) => expect(pause).toBeLessThanOrEqual(bounds[index]!));
    expect(longest.map(Math.round)).toEqual(bounds);
  });

  it.each([
    ['in seconds', '7', 7_000],
    ['as a date', 'Mon, 02 Mar 2026 10:00:12 GMT', 12_000],
    ['as a date that is past', 'Mon, 02 Mar 2026 09:59:00 GMT', 0],
    ['in a way that nobody can read', 'soon', 0],
    ['as a negative number', '-5', 0],
  ])('is no shorter than Retry-After says %s, and has its random part besides', async (_what, value, milliseconds) => {
    const twice = (): readonly Reply[] => [away({ 'retry-after': value }), { body: { status: 'ok' } }];
    expect(await pausesWith(0, twice())).toEqual([milliseconds]);
    expect(await pausesWith(0.5, twice())).toEqual([milliseconds + 100]);
  });

  it('is none where Retry-After asks for more patience than there is: that is said at once', async () => {
    const register = fakeRegister();
    register.replies(away({ 'retry-after': '3600' }));
    const error = await thrown(register.clock.through(register.connect().api.statusGet()));
    expect(error).toMatchObject({ status: 503, code: 'unavailable' });
    expect(register.seen).toHaveLength(1);
  });
});
