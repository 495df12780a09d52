import { describe, expect, it } from '@jest/globals';
import { BASE, fakeRegister, problem, thrown, type FakeRegister, type Reply } from './fakes.tests.js';
import { BrokenListError, connect, ProblemError } from './index.js';

const PARTY = {
  kind: 'privateLegalPerson',
  register: 'kvk',
  number: '90000001',
  name: 'Test Stichting Bolderbast',
  naturalPersonsBusiness: false,
} as const;
const STORE = '5e6f7a8b-1111-4222-8333-944455566677';
const positionAt = (place: number, epoch = 1): string =>
  Buffer.from(`${STORE}.${epoch}.${place}`).toString('base64url');
const registeredAt = (position: string): Reply => ({ status: 201, body: { id: 'p-1', position } });
const show = { path: { id: 'p-1' } };
const paths = ({ seen }: FakeRegister): readonly string[] => seen.map(({ path }) => path);

describe('what a command changed', () => {
  it('shows in every read that comes after it', async () => {
    const register = fakeRegister();
    const client = register.connect();
    register.replies({ body: {} }, registeredAt(positionAt(7)), { body: {} }, { body: { items: [], next: null } });
    await client.api.partiesShow(show);
    await client.api.partiesRegister({ body: PARTY });
    expect(client.position).toBe(positionAt(7));
    await client.api.partiesShow(show);
    await client.api.partiesSearch({ body: { limit: 5 } });
    const [before, , after, search] = register.seen;
    expect(before!.path).toBe('/v1/parties/p-1');
    expect(after!.path).toBe(`/v1/parties/p-1?after=${positionAt(7)}`);
    expect(search!.body).toEqual({ after: positionAt(7), limit: 5 });
  });

  it('is not asked of what takes no position: commands, evaluations, decisions', async () => {
    const register = fakeRegister();
    const client = register.connect({ after: positionAt(3) });
    register.replies(registeredAt(positionAt(4)), { body: {} }, { body: {} });
    await client.api.partiesRegister({ body: PARTY });
    await client.api.statusGet();
    await client.raw({ method: 'POST', path: '/access/v1/evaluation', body: { subject: {} } });
    expect(paths(register)).toEqual(['/v1/parties', '/v1/status', '/access/v1/evaluation']);
    expect(register.seen.map(({ body }) => body)).toEqual([PARTY, undefined, { subject: {} }]);
  });

  it('is asked up to the furthest of them, in whichever order they are answered', async () => {
    const register = fakeRegister();
    const client = register.connect();
    register.replies(registeredAt(positionAt(10)), registeredAt(positionAt(9)));
    await Promise.all([client.api.partiesRegister({ body: PARTY }), client.api.partiesRegister({ body: PARTY })]);
    expect(client.position).toBe(positionAt(10));
  });

  it.each([
    ['of another epoch', positionAt(10), positionAt(2, 2)],
    ['in another form', positionAt(10), 'v2-2'],
    ['after one in another form', 'not base64 !', positionAt(2)],
  ])('is asked up to the later answer where it is %s', async (_what, first, second) => {
    const register = fakeRegister();
    const client = register.connect({ after: first });
    register.replies(registeredAt(second));
    await client.api.partiesRegister({ body: PARTY });
    expect(client.position).toBe(second);
  });

  it('may be said otherwise by the program', async () => {
    const register = fakeRegister();
    const client = register.connect({ after: positionAt(3) });
    register.replies({ body: {} }, { body: {} }, { body: { items: [], next: null } });
    await client.api.partiesShow({ ...show, after: false });
    await client.api.partiesShow({ ...show, after: positionAt(1) });
    await client.api.partiesSearch({ body: { after: positionAt(2) } });
    expect(paths(register).slice(0, 2)).toEqual(['/v1/parties/p-1', `/v1/parties/p-1?after=${positionAt(1)}`]);
    expect(register.seen[2]!.body).toEqual({ after: positionAt(2) });
  });

  it('of a store that is another one now is told once, and then no longer asked', async () => {
    const register = fakeRegister();
    const client = register.connect({ after: positionAt(3) });
    register.replies(
      problem(400, 'invalid-request', { errors: [{ code: 'foreign-position', pointer: '/after', detail: 'x' }] }),
      { body: {} },
    );
    const error = await thrown(client.api.partiesShow(show));
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).has('foreign-position')).toBe(true);
    await client.api.partiesShow(show);
    expect(paths(register)).toEqual([`/v1/parties/p-1?after=${positionAt(3)}`, '/v1/parties/p-1']);
  });
});

describe('a command', () => {
  it('has a key of its own, and the one that the program says', async () => {
    const register = fakeRegister();
    const client = register.connect();
    register.replies(...[1, 2, 3].map(() => registeredAt(positionAt(1))));
    await client.api.partiesRegister({ body: PARTY });
    await client.api.partiesRegister({ body: PARTY });
    await client.api.partiesRegister({ body: PARTY, key: 'letter-0017', ifMatch: '"3"' });
    const keys = register.seen.map(({ headers }) => headers['Idempotency-Key']);
    expect(new Set(keys).size).toBe(3);
    expect(register.seen[2]!.headers).toMatchObject({ 'Idempotency-Key': 'letter-0017', 'If-Match': '"3"' });
  });

  it.each(['short', 'with a blank', 'é'.repeat(8), 'x'.repeat(65)])(
    'is not sent with a key that is none: %s',
    async (key) => {
      const register = fakeRegister();
      expect(await thrown(register.connect().api.partiesRegister({ body: PARTY, key }))).toBeInstanceOf(RangeError);
      expect(register.seen).toEqual([]);
    },
  );

  it('answers its status, revision and whether it was carried out before, where that is asked', async () => {
    const register = fakeRegister();
    const headers = { etag: '"3"', 'idempotency-replayed': 'true' };
    register.replies({ status: 201, headers, body: { id: 'p-1' } }, { body: { id: 'p-1' } });
    const { answers } = register.connect();
    expect(await answers.partiesRegister({ body: PARTY })).toEqual({
      status: 201,
      body: { id: 'p-1' },
      etag: '"3"',
      replayed: true,
    });
    expect(await answers.partiesShow(show)).toMatchObject({ etag: undefined, replayed: false });
  });

  it.each(['', '.', '..'])('is not sent where the id in its path is "%s"', async (id) => {
    const register = fakeRegister();
    expect(await thrown(register.connect().api.partiesShow({ path: { id } }))).toBeInstanceOf(RangeError);
    expect(register.seen).toEqual([]);
  });

  it('has its path escaped, and goes below a base with a path of its own', async () => {
    const register = fakeRegister();
    register.replies({ body: {} });
    await register.connect({ base: `${BASE}/register/` }).api.partiesShow({ path: { id: 'a/b?c' } });
    expect(paths(register)).toEqual(['/register/v1/parties/a%2Fb%3Fc']);
  });
});

describe('a problem', () => {
  it('is an error with its code, reasons and trace id', async () => {
    const register = fakeRegister();
    const errors = [{ code: 'level-not-reached', aimed: 'EH3', reached: 'EH2+', detail: 'It is lower.' }];
    register.replies(problem(409, 'level-not-reached', { errors, aspects: [], newer: 1 }));
    const error = await thrown(register.connect().api.partiesRegister({ body: PARTY, key: 'letter-0017' }));
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({
      name: 'ProblemError',
      message: '409 level-not-reached: It is level-not-reached.',
      ...{ status: 409, code: 'level-not-reached', errors, traceId: 'ab12', key: 'letter-0017' },
      problem: { aspects: [], newer: 1 },
    });
  });

  it.each<[string, Reply, number]>([
    ['a page of a proxy', { status: 403, body: '<html>Forbidden</html>' }, 403],
    ['nothing', { status: 404, body: '' }, 404],
    ['JSON of something else', { status: 400, body: { message: 'no' } }, 400],
    ['JSON that is no object', { status: 400, body: '[1]' }, 400],
    ['a page in place of an answer', { status: 200, body: '<html>Log in</html>' }, 200],
    ['a way to somewhere else', { status: 302, headers: { location: 'https://elsewhere.example/' }, body: '' }, 302],
  ])('is one as well when something else answers: %s', async (_what, reply, status) => {
    const register = fakeRegister();
    register.replies(reply);
    const error = await thrown(register.connect().api.partiesShow(show));
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ status, code: 'unexpected-answer', errors: [], traceId: undefined });
    expect((error as ProblemError).problem).toBeUndefined();
    expect(register.seen).toHaveLength(1);
  });
});

describe('a list', () => {
  const page = (next: unknown, ...ids: readonly string[]): Reply => ({
    body: { items: ids.map((id) => ({ id })), next },
  });
  const started = (register: FakeRegister, after?: string) =>
    register
      .connect({ patience: { attempts: 2 }, ...(after === undefined ? {} : { after }) })
      .lists.partiesSearch({ body: { limit: 2 } });
  /** What it gave, and what ended it. */
  async function iterated(register: FakeRegister, after?: string): Promise<{ ids: string[]; error: unknown }> {
    const ids: string[] = [];
    const all = async (): Promise<void> => {
      for await (const { id } of started(register, after)) ids.push(id);
    };
    const error = await register.clock.through(
      all().then(
        () => undefined,
        (reason: unknown) => reason,
      ),
    );
    return { ids, error };
  }

  it('gives every item of every page, empty ones included, with filter and position of the first', async () => {
    const register = fakeRegister();
    register.replies(page('c1', 'a', 'b'), page('c2'), page(null, 'c'));
    expect(await iterated(register, positionAt(3))).toEqual({ ids: ['a', 'b', 'c'], error: undefined });
    expect(register.seen.map(({ body }) => body)).toEqual([
      { after: positionAt(3), limit: 2 },
      { after: positionAt(3), limit: 2, cursor: 'c1' },
      { after: positionAt(3), limit: 2, cursor: 'c2' },
    ]);
  });

  it('goes over what passes in the middle', async () => {
    const register = fakeRegister();
    register.replies(page('c1', 'a'), problem(503, 'unavailable'), page(null, 'b'));
    expect(await iterated(register)).toEqual({ ids: ['a', 'b'], error: undefined });
  });

  it.each<[string, readonly Reply[], object]>([
    ['a problem', [problem(400, 'invalid-cursor')], { name: 'ProblemError', code: 'invalid-cursor' }],
    ['no answer', [new TypeError('x'), new TypeError('x')], { name: 'NoAnswerError', attempts: 2 }],
    ['a page without items', [{ body: { next: null } }], { name: 'BrokenListError' }],
    ['a page that does not say what is next', [{ body: { items: [] } }], { name: 'BrokenListError' }],
    ['a next that is none', [page(7)], { name: 'BrokenListError' }],
    ['a page of something else', [{ body: '<html></html>' }], { name: 'ProblemError', code: 'unexpected-answer' }],
    ['a way back', [page('c1')], { name: 'BrokenListError' }],
  ])('throws in the middle, after the items before, and is never short: %s', async (_what, replies, error) => {
    const register = fakeRegister();
    register.replies(page('c1', 'a', 'b'), ...replies);
    const outcome = await iterated(register);
    expect(outcome.ids).toEqual(['a', 'b']);
    expect(outcome.error).toMatchObject(error);
  });

  it('asks for no page that nobody wants', async () => {
    const register = fakeRegister();
    register.replies(page('c1', 'a', 'b'));
    for await (const { id } of started(register)) {
      expect(id).toBe('a');
      break;
    }
    expect(register.seen).toHaveLength(1);
    expect(new BrokenListError('x')).toBeInstanceOf(Error);
  });
});

describe('raw', () => {
  it('sends a command that is newer than the package, with a key, and carries its position along', async () => {
    const register = fakeRegister();
    const client = register.connect();
    register.replies(
      { status: 201, headers: { location: '/v1/chains/c-1' }, body: { id: 'c-1', position: positionAt(8) } },
      { body: { id: 'c-1' } },
      { body: { items: [], next: null } },
    );
    const answer = await client.raw<{ id: string }>({ method: 'POST', path: '/v1/chains', body: { name: 'x' } });
    expect(answer).toMatchObject({ status: 201, body: { id: 'c-1' } });
    expect(answer.headers.get('Location')).toBe('/v1/chains/c-1');
    await client.raw({ method: 'GET', path: '/v1/chains/c-1', query: { view: 'short' } });
    await client.raw({ method: 'POST', path: '/v1/chains/_search', body: { limit: 1 } });
    expect(register.seen[0]!.headers['Idempotency-Key']).toMatch(/^[\x21-\x7e]{8,64}$/);
    expect(register.seen[1]!.path).toBe(`/v1/chains/c-1?after=${positionAt(8)}&view=short`);
    expect(register.seen[2]!.body).toEqual({ after: positionAt(8), limit: 1 });
    expect(register.seen.slice(1).filter(({ headers }) => 'Idempotency-Key' in headers)).toEqual([]);
  });

  it('throws problems like every other call', async () => {
    const register = fakeRegister();
    register.replies(problem(404, 'not-found'));
    const error = await thrown(register.connect().raw({ method: 'GET', path: '/v1/chains/c-1' }));
    expect(error).toMatchObject({ name: 'ProblemError', status: 404, code: 'not-found' });
  });

  it.each(['@elsewhere.example/', '.elsewhere.example/', 'v1/parties', ''])(
    'sends a token nowhere but to the base: %s',
    async (path) => {
      const register = fakeRegister();
      expect(await thrown(register.connect().raw({ method: 'GET', path }))).toBeInstanceOf(RangeError);
      expect(register.seen).toEqual([]);
    },
  );
});

it('Titles come in the language that is asked for, and no token goes where none is known', async () => {
  const register = fakeRegister();
  register.replies({ body: {} });
  const client = connect({ base: BASE, language: 'nl', fetch: register.fetch, clock: register.clock });
  await client.api.statusGet();
  expect(register.seen[0]!.headers).toEqual({
    Accept: 'application/json, application/problem+json, text/plain',
    'Accept-Language': 'nl',
  });
});

it('A file is answered as its text', async () => {
  const register = fakeRegister();
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  register.replies({ headers, body: 'c2sp.org/tlog-proof@v1\n…' });
  const path = { id: '5e6f7a8b-1111-4222-8333-944455566677' };
  expect(await register.connect().api.checksReceipt({ path })).toBe('c2sp.org/tlog-proof@v1\n…');
});
