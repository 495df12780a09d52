import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seed } from '#libs/application';
import { at, DUO, paperCase, question, UWV, type IssuedMeans, type PaperCase } from './support/case.js';
import { faultsOf, having, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { until } from './support/until.js';

const data = {
  ...seed,
  services: seed.services.map((service) =>
    service.id === DUO ? { ...service, groups: [{ id: 'education', since: '2024-01-01T00:00:00.000Z' }] } : service,
  ),
};

let suite: MemorySuite;
let supplier: Client;
let network: Client;
let case1: PaperCase;

beforeAll(async () => {
  suite = await startMemorySuite({ data });
  [supplier, network] = await Promise.all([suite.client('supplier'), suite.client('network')]);
  case1 = await paperCase(supplier);
});
afterAll(() => suite.end());

const saysYes = async ({ pseudonym }: IssuedMeans, service = DUO): Promise<boolean> =>
  having(await network.ask('/access/v1/evaluation', question(pseudonym, case1.organization, { service })), 200).body[
    'decision'
  ] === true;

describe('REG-15: the authorized person activates by a login with his means', () => {
  const laterThan = (moment: string): Promise<void> =>
    until('the clock has gone on', async () => new Date().toISOString() > moment);

  /** Activates by a login with that means at that moment, in an intake of its own. */
  async function activate(authorization: string, login: IssuedMeans, loggedInAt: string) {
    const application = await case1.desk.application('electronic', ['activation'], 1);
    const facts = { type: 'authentication', about: { person: case1.employee.id }, means: login.id, level: 'EH3' };
    const check = await case1.desk.check(application, { ...facts, at: loggedInAt }, 0);
    const body = { application, checks: [check], activatedAt: at(0) };
    const answer = await supplier.command(`/v1/authorizations/${authorization}/activations`, body);
    return [answer.status, answer.body['code'] ?? answer.body['status']];
  }
  const waiting = async (means: IssuedMeans): Promise<string> =>
    (await case1.authorize(means.id, { awaitsActivation: true }))['id'] as string;

  it('that came after the authorization, and not before it', async () => {
    const means = await case1.means();
    const before = at(0);
    await laterThan(before);
    const authorization = await waiting(means);
    expect(await activate(authorization, means, before)).toEqual([409, 'not-activated-by-holder']);
    expect(await saysYes(means)).toBe(false);
    expect(await activate(authorization, means, at(0))).toEqual([200, 'active']);
    await until('it is answered yes', () => saysYes(means));
  });

  it('with the means that it is linked to, and no other of his', async () => {
    const [means, other] = [await case1.means(), await case1.means()];
    const authorization = await waiting(means);
    expect(await activate(authorization, other, at(0))).toEqual([409, 'not-activated-by-holder']);
    expect(await activate(authorization, means, at(0))).toEqual([200, 'active']);
  });

  it('that counts: not with a means that has been revoked since', async () => {
    const [means, other] = [await case1.means(), await case1.means()];
    const authorization = await waiting(means);
    const loggedInAt = at(0);
    const ending = await case1.revocation({ means: means.id }, other.id);
    expect(having(await supplier.command('/v1/revocation-requests', ending), 201).body['status']).toBe('effected');
    expect(await activate(authorization, means, loggedInAt)).toEqual([409, 'not-activated-by-holder']);
  });
});

describe('an authorization for a group of the catalogue', () => {
  it('is one for the services in it, and for no other', async () => {
    const means = await case1.means();
    const groups = [{ id: 'education', includesLaterServices: false }];
    expect((await case1.authorize(means.id, { scope: { groups } }))['scope']).toMatchObject({ groups });
    await until('it is answered yes', () => saysYes(means));
    expect(await saysYes(means, UWV)).toBe(false);
  });

  it('is refused where the catalogue does not have the group', async () => {
    const means = await case1.means();
    const scope = {
      groups: ['education', 'no-such-group'].map((id) => ({ id, includesLaterServices: true })),
    };
    const answer = await supplier.command('/v1/authorizations', case1.registration(means.id, { scope }));
    expect(faultsOf(having(answer, 400))).toEqual(['/scope/groups/1/id unknown-service']);
  });
});
