import { describe, expect, it } from '@jest/globals';
import { fakeRegister, idle, problem, thrown, type FakeRegister, type Reply } from './fakes.tests.js';
import { NoAnswerError, TokenError, type Waarborg } from './index.js';

const CREDENTIALS = { id: 'back-office', secret: 's:cr t/+' };
const OK: Reply = { body: { status: 'ok' } };
const given = (token: string, seconds = 3_600): Reply => ({
  body: { access_token: token, token_type: 'Bearer', expires_in: seconds },
});
const tokensAsked = ({ seen }: FakeRegister): number => seen.filter(({ path }) => path === '/oauth/token').length;
const bearers = ({ seen }: FakeRegister): readonly (string | undefined)[] =>
  seen.filter(({ path }) => path === '/v1/status').map(({ headers }) => headers['Authorization']);
const call = ({ clock }: FakeRegister, client: Waarborg): Promise<unknown> => clock.through(client.api.statusGet());

describe('a token by client credentials', () => {
  it('is asked for as RFC 6749 has it, and serves until it is to be renewed', async () => {
    const register = fakeRegister();
    const client = register.connect({ credentials: { ...CREDENTIALS, scopes: ['intake', 'issuance'] } });
    register.replies(given('one'), OK, OK);
    await call(register, client);
    register.clock.pass(3_500_000);
    await call(register, client);
    expect(register.seen[0]).toMatchObject({
      method: 'POST',
      path: '/oauth/token',
      body: 'grant_type=client_credentials&scope=intake+issuance',
    });
    const [scheme, pair] = register.seen[0]!.headers['Authorization']!.split(' ');
    // Name and secret are form-encoded before they are joined (§2.3.1).
    expect([scheme, atob(pair!)]).toEqual(['Basic', 'back-office:s%3Acr+t%2F%2B']);
    expect(bearers(register)).toEqual(['Bearer one', 'Bearer one']);
    expect(tokensAsked(register)).toBe(1);
  });

  it('is asked for once, however many calls wait for it', async () => {
    const register = fakeRegister();
    const client = register.connect({ credentials: CREDENTIALS });
    register.replies(given('one'), OK, OK, OK);
    await register.clock.through(Promise.all([1, 2, 3].map(() => client.api.statusGet())));
    expect(tokensAsked(register)).toBe(1);
    expect(bearers(register)).toEqual(['Bearer one', 'Bearer one', 'Bearer one']);
  });

  it('is renewed a minute before its end, once, while the old one serves', async () => {
    const register = fakeRegister();
    const client = register.connect({ credentials: CREDENTIALS });
    register.replies(given('one'), OK);
    await call(register, client);
    register.clock.pass(3_540_000);
    // The renewal is asked for before the two calls that find it due.
    register.replies(given('two'), OK, OK);
    await register.clock.through(Promise.all([client.api.statusGet(), client.api.statusGet()]));
    register.replies(OK);
    await call(register, client);
    expect(bearers(register)).toEqual(['Bearer one', 'Bearer one', 'Bearer one', 'Bearer two']);
    expect(tokensAsked(register)).toBe(2);
  });

  it('goes on serving when its renewal fails, and is renewed a little later', async () => {
    const register = fakeRegister();
    const client = register.connect({ credentials: CREDENTIALS, patience: { attempts: 1 } });
    register.replies(given('one'), OK);
    await call(register, client);
    register.clock.pass(3_540_000);
    register.replies(new TypeError('fetch failed'), OK);
    await call(register, client);
    await idle();
    register.replies(OK);
    await call(register, client);
    register.clock.pass(5_000);
    register.replies(given('two'), OK);
    await call(register, client);
    register.replies(OK);
    await call(register, client);
    expect(bearers(register)).toEqual(['one', 'one', 'one', 'one', 'two'].map((token) => `Bearer ${token}`));
    expect(tokensAsked(register)).toBe(3);
  });

  it('is waited for once it has ended', async () => {
    const register = fakeRegister();
    const client = register.connect({ credentials: CREDENTIALS });
    register.replies(given('one', 10), OK);
    await call(register, client);
    // Half a second on its way: a twentieth of ten.
    register.clock.pass(9_500);
    register.replies(given('two'), OK);
    await call(register, client);
    expect(bearers(register)).toEqual(['Bearer one', 'Bearer two']);
  });

  it('that the register refuses is not used again; the refused request is not repeated', async () => {
    const register = fakeRegister();
    const client = register.connect({ credentials: CREDENTIALS });
    register.replies(given('one'), problem(401, 'unauthenticated'));
    expect(await thrown(call(register, client))).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(register.seen).toHaveLength(2);
    register.replies(given('two'), OK);
    await call(register, client);
    expect(bearers(register)).toEqual(['Bearer one', 'Bearer two']);
  });

  it.each<[string, Reply, object]>([
    [
      'a wrong secret',
      { status: 401, body: { error: 'invalid_client', error_description: 'Unknown client or secret' } },
      { status: 401, code: 'invalid_client', message: 'no token: 401 invalid_client: Unknown client or secret' },
    ],
    ['a scope too many', { status: 400, body: { error: 'invalid_scope' } }, { status: 400, code: 'invalid_scope' }],
    [
      'a page of something else',
      { status: 200, body: '<html>Log in</html>' },
      { status: 200, code: 'unexpected_answer' },
    ],
    ['no time that it lasts', { body: { access_token: 'one' } }, { status: 200, code: 'unexpected_answer' }],
  ])('is not there after %s: that is said at once, and nothing else is sent', async (_what, reply, error) => {
    const register = fakeRegister();
    const client = register.connect({ credentials: CREDENTIALS });
    register.replies(reply);
    const said = await thrown(call(register, client));
    expect(said).toBeInstanceOf(TokenError);
    expect(said).toMatchObject(error);
    expect(String((said as Error).message)).not.toContain(CREDENTIALS.secret);
    expect(register.seen).toHaveLength(1);
  });

  it('is asked for again where its address did not answer', async () => {
    const register = fakeRegister();
    const client = register.connect({ credentials: CREDENTIALS });
    register.replies(new TypeError('fetch failed'), { status: 503, headers: { 'retry-after': '2' } }, given('one'), OK);
    await call(register, client);
    expect(tokensAsked(register)).toBe(3);
    expect(register.seen.at(-1)!.at).toBe(2_000);
  });

  it('that ends between two attempts of a command leaves the key to go on with', async () => {
    const register = fakeRegister();
    const client = register.connect({ credentials: CREDENTIALS });
    register.replies(given('one', 10), { ...problem(503, 'unavailable'), headers: { 'retry-after': '10' } });
    register.replies({ status: 401, body: { error: 'invalid_client' } });
    const error = await thrown(register.clock.through(client.raw({ method: 'POST', path: '/v1/parties', body: {} })));
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error).toMatchObject({ attempts: 1, cause: { code: 'invalid_client' } });
    expect(error).toMatchObject({ key: register.seen[1]!.headers['Idempotency-Key'] });
  });
});
