import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seed, type MeansProduct } from '#libs/application';
import type { AuthorizationId, MeansId, PartyId, PersonId, Pseudonym } from '#libs/kernel';
import { memoryRegister, type MemoryRegister } from './register.js';
import { serve, type Serving } from './serve.js';

const DUO = 'urn:etoegang:DV:00000099800000001000:services:1';
/** Supports chains. */
const UWV = 'urn:etoegang:DV:00000099800000002000:services:1';

const productOf = (id: string): MeansProduct => seed.meansProducts.find(({ value }) => value.id === id)!.value;

interface Answer {
  readonly decision: boolean;
  readonly context: {
    readonly id: string;
    readonly level: string | null;
    readonly reasons: readonly { readonly code: string; readonly remedy?: string }[];
    readonly path?: readonly string[];
    readonly obligations?: readonly unknown[];
  };
}

let register: MemoryRegister;
let serving: Serving;
let school: PartyId;
let alice: { means: MeansId; pseudonym: Pseudonym };
let stranger: { means: MeansId; pseudonym: Pseudonym };
/** The way through an accountant. */
let chain: readonly [AuthorizationId, AuthorizationId];
let direct: AuthorizationId;

beforeAll(async () => {
  const product = productOf('password-sms');
  const password = productOf('password').mechanism;
  const meansProducts = seed.meansProducts.map((entry) =>
    entry.value.id === product.id
      ? {
          ...entry,
          value: {
            ...product,
            assessments: [
              { authenticationService: 'strong', mechanism: product.mechanism },
              { authenticationService: 'weak', mechanism: password },
            ],
          },
        }
      : entry,
  );
  register = await memoryRegister({ data: { ...seed, meansProducts } });
  school = await register.party('69599084');
  const office = await register.party('69599076');
  alice = await register.means();
  stranger = await register.means();
  direct = await register.authorize(school, alice);
  chain = [
    await register.authorize(
      school,
      { party: office },
      { nature: { rightOfSubstitution: true, actsIndependently: true } },
    ),
    await register.authorize(office, alice),
  ];
  serving = await serve(register);
});
afterAll(async () => {
  await serving.stop();
  await register.close();
});

async function ask(
  context: object,
  { level, service = DUO, who = alice, number = '69599084', sso }: AskOptions = {},
): Promise<Answer> {
  const properties = {
    service,
    ...(level === undefined ? {} : { level }),
    ...(sso === undefined ? {} : { singleSignOn: sso }),
  };
  const response = await serving.post('/access/v1/evaluation', {
    ...{ subject: { type: 'means', id: who.pseudonym }, action: { name: 'represent', properties }, context },
    resource: { type: 'organization', id: `kvk:${number}` },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}
interface AskOptions {
  readonly level?: string;
  readonly service?: string;
  readonly who?: { pseudonym: Pseudonym };
  readonly number?: string;
  readonly sso?: boolean;
}

const WEAK = { authenticationService: 'weak' };
const TO_EH3 = {
  ...{ id: 'step-up', type: 'step-up' },
  properties: { acr_value: 'urn:etoegang:core:assurance-class:loa3' },
};

describe('a no that says step up (interfaces.md §7)', () => {
  it('carries the obligation, on record as well, and the same question with that login is a yes', async () => {
    const no = await ask(WEAK);
    expect(no).toMatchObject({ decision: false, context: { reasons: [{ code: 'level-too-low' }] } });
    expect(no.context.obligations).toEqual([TO_EH3]);
    const record = JSON.parse((await register.backbone.records.byId(no.context.id))!.bytes) as object;
    expect(record).toMatchObject({
      data: {
        attributes: { 'waarborg.use': false },
        body: { 'adl.core.response': { context: { obligations: [TO_EH3] } } },
      },
    });
    const yes = await ask({ authenticationService: 'strong' });
    expect([yes.decision, yes.context.obligations]).toEqual([true, undefined]);
  });

  it('leaves it out where who asks does not support it, and says so on record', async () => {
    const no = await ask({ ...WEAK, supported_obligations: ['notification'] });
    expect([no.decision, no.context.obligations]).toEqual([false, undefined]);
    const record = JSON.parse((await register.backbone.records.byId(no.context.id))!.bytes) as object;
    expect(record).toMatchObject({
      data: { body: { 'adl.core.request': { context: { supported_obligations: [] } } } },
    });
    expect((await ask({ ...WEAK, supported_obligations: ['step-up'] })).context.obligations).toEqual([TO_EH3]);
  });

  it('tells nothing to a means without an authorization at that organization, known or not', async () => {
    for (const number of ['69599084', '69599076', '99999999']) {
      const { context } = await ask(WEAK, { who: stranger, number });
      expect(context).not.toHaveProperty('obligations');
      expect(context.reasons).toEqual([{ code: 'no-authorization' }]);
    }
  });

  it('stands with its question in a batch', async () => {
    const response = await serving.post('/access/v1/evaluations', {
      ...{ subject: { type: 'means', id: alice.pseudonym }, resource: { type: 'organization', id: 'kvk:69599084' } },
      action: { name: 'represent', properties: { service: DUO } },
      evaluations: [{ context: WEAK }, { context: { authenticationService: 'strong' } }],
    });
    const { evaluations } = (await response.json()) as { evaluations: Answer[] };
    expect(evaluations.map(({ context }) => context.obligations)).toEqual([[TO_EH3], undefined]);
  });

  it('points to the administrator where only the authorization is in the way', async () => {
    await register.authorize(await register.party('90001399'), alice, { m: 2, eh: 'EH2+' });
    expect(await register.backbone.visibility.everywhere(await register.backbone.feed.head())).toBe(true);
    const { context } = await ask({ authenticationService: 'strong' }, { number: '90001399', level: 'EH3' });
    expect(context).not.toHaveProperty('obligations');
    expect(context.reasons).toEqual([
      { code: 'level-too-low', have: 'EH2+', need: 'EH3', remedy: 'ask-administrator' },
    ]);
  });

  it('points to nobody where this means reaches the level by no authorization', async () => {
    const { context } = await ask({ authenticationService: 'strong' }, { level: 'EH4' });
    expect(context).not.toHaveProperty('obligations');
    expect(context.reasons).toEqual([{ code: 'level-too-low', have: 'EH3', need: 'EH4' }]);
  });
});

describe('a no to which another means of the same person is a yes (interfaces.md §7)', () => {
  const holder = randomUUID() as PersonId;
  let office: { means: MeansId; pseudonym: Pseudonym };
  let card: { means: MeansId; pseudonym: Pseudonym };
  let cardAuthorization: AuthorizationId;

  beforeAll(async () => {
    office = await register.means({ holder });
    card = await register.means({ holder, product: 'certificate-card', stork: 4 });
    await register.authorize(school, office);
    cardAuthorization = await register.authorize(school, card, { m: 4, eh: 'EH4' });
    expect(await register.backbone.visibility.everywhere(await register.backbone.feed.head())).toBe(true);
  });

  const strong = { authenticationService: 'strong' };
  const TO_EH4 = {
    ...{ id: 'step-up', type: 'step-up' },
    properties: { acr_value: 'urn:etoegang:core:assurance-class:loa4', another_means: true },
  };

  it('says that there is one and never which; the record has what it rests on', async () => {
    const no = await ask(strong, { who: office, level: 'EH4' });
    expect(no).toMatchObject({
      decision: false,
      context: { reasons: [{ code: 'level-too-low', have: 'EH3', need: 'EH4' }], obligations: [TO_EH4] },
    });
    const said = JSON.stringify(no);
    for (const secret of [holder, card.means, card.pseudonym, cardAuthorization]) expect(said).not.toContain(secret);
    const record = JSON.parse((await register.backbone.records.byId(no.context.id))!.bytes) as object;
    expect(record).toMatchObject({
      data: {
        attributes: { 'waarborg.use': false },
        body: {
          'adl.core.response': { context: { obligations: [TO_EH4] } },
          'adl.core.information': {
            means: { id: office.means },
            stepUp: { means: { id: card.means }, path: [{ authorization: cardAuthorization }] },
          },
        },
      },
    });
    const yes = await ask({}, { who: card, level: 'EH4' });
    expect([yes.decision, yes.context.path, yes.context.obligations]).toEqual([true, [cardAuthorization], undefined]);
  });

  it('leaves it out where who asks does not support it', async () => {
    const { context } = await ask({ ...strong, supported_obligations: [] }, { who: office, level: 'EH4' });
    expect(context).not.toHaveProperty('obligations');
  });

  it('tells nothing of it at another organization, nor to a means of somebody else', async () => {
    const elsewhere = await ask(strong, { who: office, level: 'EH4', number: '69599076' });
    expect(elsewhere.context).not.toHaveProperty('obligations');
    const other = await ask(strong, { level: 'EH4' });
    expect(other.context).not.toHaveProperty('obligations');
  });

  it('says it no more once the authorization of the other means is revoked', async () => {
    const third = randomUUID() as PersonId;
    const [one, other] = [await register.means({ holder: third }), await register.means({ holder: third, stork: 4 })];
    await register.authorize(school, one, { scope: { all: false, services: [UWV], groups: [] } });
    const wide = await register.authorize(school, other);
    await register.backbone.visibility.everywhere(await register.backbone.feed.head());
    const { context } = await ask(strong, { who: one, level: 'EH3' });
    expect(context.reasons.map(({ code }) => code)).toEqual(['service-not-in-scope']);
    expect(context.obligations).toEqual([{ ...TO_EH3, properties: { ...TO_EH3.properties, another_means: true } }]);
    await register.backbone.visibility.everywhere(await register.revoke(wide));
    const { context: after } = await ask(strong, { who: one, level: 'EH3' });
    expect(after.obligations).toBeUndefined();
    expect(after.reasons).toEqual([{ code: 'service-not-in-scope', remedy: 'ask-administrator' }]);
  });
});

describe('a question that names its way (CHAIN-08)', () => {
  it('is answered about the paths through an organization or an authorization, and about no other', async () => {
    const strong = { authenticationService: 'strong' };
    const through = async (via?: unknown): Promise<unknown> => {
      const { decision, context } = await ask(via === undefined ? strong : { ...strong, via }, { service: UWV });
      return decision ? context.path : context.reasons.map(({ code }) => code);
    };
    expect(await through()).toEqual([direct]);
    expect(await through('kvk:69599076')).toEqual(chain);
    expect(await through(chain[0])).toEqual(chain);
    expect(await through(chain[1])).toEqual(chain);
    expect(await through(direct)).toEqual([direct]);
    for (const via of ['kvk:99999999', stranger.means, 'Jan Jansen', 1, null]) {
      expect(await through(via)).toEqual(['no-authorization']);
    }
  });

  it('steps up on the way that it names', async () => {
    const { context } = await ask({ ...WEAK, via: 'kvk:69599076' }, { service: UWV });
    expect(context.obligations).toEqual([TO_EH3]);
  });
});
