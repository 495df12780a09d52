import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { holderChecks } from '#apps/suite';
import type { Json } from './support/api.js';
import type { Human } from './support/clerk.js';
import { paperCase, question, type IssuedMeans, type PaperCase } from './support/case.js';
import { faultsOf, having, type Answer, type Client } from './support/client.js';
import { startSuite, type TestSuite } from './support/suite.js';

/**
 * Who ends an authorization or a means without being its holder: a court, a trustee, a representative (REV-01, REV-05,
 * PROOF-02, PROOF-09), each on his way from the intake to the no at use.
 */

let suite: TestSuite;
let supplier: Client;
let network: Client;

beforeAll(async () => {
  suite = await startSuite();
  [supplier, network] = await Promise.all([suite.client('supplier'), suite.client('network')]);
});
afterAll(() => suite.end());

type Channel = 'electronic' | 'nonElectronic';
type Object_ = 'authorization' | 'means';

/** An organization of its own with two employees' means, each authorized, so that what is not meant can be seen to stay. */
interface Scene {
  readonly case1: PaperCase;
  readonly means: IssuedMeans;
  readonly authorization: string;
  readonly otherMeans: IssuedMeans;
}

async function scene(): Promise<Scene> {
  const case1 = await paperCase(supplier);
  const [means, otherMeans] = [await case1.means(), await case1.means()];
  const authorization = (await case1.authorize(means.id))['id'] as string;
  await case1.authorize(otherMeans.id);
  expect([await says({ case1, means }), await says({ case1, means: otherMeans })]).toEqual([true, true]);
  return { case1, means, authorization, otherMeans };
}

/** The answer at use about a means and the organization. */
const says = async ({ case1, means }: Pick<Scene, 'case1' | 'means'>): Promise<unknown> =>
  having(await network.ask('/access/v1/evaluation', question(means.pseudonym, case1.organization)), 200).body[
    'decision'
  ];

/** What a clerk records of whoever asks, about the intake of his request. */
type Seen = (of: Scene, intake: string) => Json | Promise<Json>;

const order =
  (more: Json = {}): Seen =>
  (_of, intake) => ({
    type: 'courtOrderVerification',
    about: { application: intake },
    court: 'RBDHA',
    order: 'order-2026-17',
    authentic: true,
    ...more,
  });

type Person = (of: Scene) => Human;
const director: Person = ({ case1 }) => case1.director;

const register =
  (who: Person, more: Json = {}): Seen =>
  (of) => ({
    type: 'representationCheck',
    about: { person: who(of).id },
    party: of.case1.party,
    register: 'tradeRegister',
    via: 'online',
    outcome: 'found',
    basis: 'byName',
    agrees: true,
    limitation: 'none',
    sameDataAsIdentified: true,
    ...more,
  });
const asTrustee = { register: 'insolvencyRegister', capacity: 'trustee' };

/** A signed letter with a copy of a passport that nobody reported: IO 3 on paper. */
const signedLetter = (who: Person): readonly Seen[] => [
  (of) => ({ type: 'identityAttributesRecorded', about: { person: who(of).id }, uniquelyIdentifying: true }),
  (of) => ({
    type: 'idCopyEnclosed',
    about: { person: who(of).id },
    document: who(of).document,
    presentation: 'paper',
  }),
  (of) => ({
    type: 'signatureComparison',
    about: { person: who(of).id },
    document: who(of).document,
    against: 'idCopy',
    form: 'original',
    onTheSpot: false,
    agrees: true,
  }),
  (of) => ({
    type: 'idDocumentStatus',
    about: { person: who(of).id },
    document: who(of).document,
    status: 'notReported',
  }),
];

const finding: Seen = ({ case1 }) => ({
  type: 'specialCircumstancesCheck',
  about: { party: case1.party },
  outcome: 'found',
  otherRepresentativeRegistered: false,
});

interface Way {
  readonly role: 'court' | 'trustee' | 'legalRepresentative' | 'authorizedParty';
  readonly who?: Person;
  readonly channel: Channel;
  readonly seen: readonly Seen[];
  /** What is on record of the organization before, in an intake of another. */
  readonly before?: readonly Seen[];
}

async function ask(of: Scene, object: Object_, { role, who, channel, seen, before = [] }: Way): Promise<Answer> {
  const { desk } = of.case1;
  if (before.length > 0) {
    const other = await desk.application('nonElectronic', ['change'], 40);
    for (const fact of before) await desk.check(other, await fact(of, other), 35);
  }
  // What comes electronically is late once it has lain for a quarter of an hour.
  const [medium, minutesAgo] = channel === 'electronic' ? (['other', 5] as const) : (['writing', 30] as const);
  const intake = await desk.application(channel, ['revocation'], minutesAgo, medium);
  const checks: string[] = [];
  for (const fact of seen) checks.push(await desk.check(intake, await fact(of, intake), 0));
  return supplier.command('/v1/revocation-requests', {
    application: intake,
    object: object === 'means' ? { means: of.means.id } : { authorization: of.authorization },
    requester: { role, ...(who === undefined ? {} : { person: who(of).id }) },
    checks,
  });
}

const statusOf = async (of: Scene, object: Object_): Promise<unknown> => {
  const path = object === 'means' ? `/v1/means/${of.means.id}` : `/v1/authorizations/${of.authorization}`;
  return having(await supplier.get(path), 200).body['status'];
};

const OBJECTS = ['authorization', 'means'] as const;

const court = (channel: Channel, ...seen: readonly Seen[]): Way => ({ role: 'court', channel, seen });
const trustee = (...seen: readonly Seen[]): Way => ({
  role: 'trustee',
  who: director,
  channel: 'nonElectronic',
  seen: [...signedLetter(director), ...seen],
});
/** Logged in with a means of his own, issued to him before. */
const loggedIn: Seen = async ({ case1: { desk, application, director: who, party } }) => {
  const identification: string[] = [];
  for (const facts of holderChecks(who)) identification.push(await desk.check(application, facts, 20));
  const { means } = await desk.means(application, who, identification, {
    product: 'password-sms',
    aimedStork: 3,
    party,
  });
  return {
    type: 'authentication',
    about: { person: who.id },
    means: means['id'],
    level: 'EH3',
    source: { name: 'authentication-service-1', reference: `assertion-1-${String(means['id']).slice(0, 8)}` },
  };
};

const representative = (...seen: readonly Seen[]): Way => ({
  role: 'legalRepresentative',
  who: director,
  channel: 'nonElectronic',
  seen: [...signedLetter(director), ...seen],
});

/** Each with an object that is his to end, and both objects. */
const ACCEPTED: readonly (readonly [who: string, way: Way, identification: Json])[] = [
  ['a court whose order was verified', court('nonElectronic', order()), { courtOrderVerified: true }],
  ['a court whose order came electronically', court('electronic', order()), { courtOrderVerified: true }],
  [
    'a trustee whom the insolvency register shows, after a finding of another intake',
    { ...trustee(register(director, asTrustee)), before: [finding] },
    { ioScore: 3 },
  ],
  [
    'a trustee whom the trade register shows, with the finding in the same intake',
    trustee(register(director, { capacity: 'trustee' }), finding),
    { ioScore: 3 },
  ],
  ['a representative whom the register shows', representative(register(director)), { ioScore: 3 }],
  [
    'a representative whose power is joint: that is about having authorities registered (PROOF-09)',
    representative(register(director, { limitation: 'obstructing' })),
    { ioScore: 3 },
  ],
  [
    'a representative who is logged in',
    { ...representative(), channel: 'electronic', seen: [loggedIn, register(director)] },
    { authenticatedLevel: 'EH3' },
  ],
  [
    'a trustee who is logged in',
    { ...trustee(), channel: 'electronic', seen: [loggedIn, register(director, asTrustee)], before: [finding] },
    { authenticatedLevel: 'EH3' },
  ],
  [
    'a trustee not registered yet, heard as a court by the judgment (PROOF-02)',
    court('nonElectronic', order({ order: 'judgment-2026-3' })),
    { courtOrderVerified: true },
  ],
];

const REFUSED: readonly (readonly [who: string, way: Way, code: string])[] = [
  ['a court without an order', court('electronic'), 'requester-not-identified'],
  [
    'a court whose order is not authentic',
    court('nonElectronic', order({ authentic: false })),
    'requester-not-identified',
  ],
  [
    'a court whose order was found not to be authentic later',
    court('nonElectronic', order(), order({ authentic: false })),
    'requester-not-identified',
  ],
  ['a trustee without any finding', trustee(register(director, asTrustee)), 'requester-not-entitled'],
  ['a trustee whom no register shows', { ...trustee(), before: [finding] }, 'requester-not-entitled'],
  [
    'a trustee whom the register shows as representative',
    { ...trustee(register(director)), before: [finding] },
    'requester-not-entitled',
  ],
  [
    'a trustee whom the register shows no longer',
    {
      ...trustee(register(director, asTrustee), register(director, { ...asTrustee, outcome: 'notFound' })),
      before: [finding],
    },
    'requester-not-entitled',
  ],
  ['a representative whom no register shows', representative(), 'requester-not-entitled'],
  [
    'a representative whom the register does not find',
    representative(register(director, { outcome: 'notFound' })),
    'requester-not-entitled',
  ],
  [
    'a representative whom the register finds with other data',
    representative(register(director, { sameDataAsIdentified: false })),
    'requester-not-entitled',
  ],
  [
    'a representative shown as trustee',
    { ...representative(register(director, asTrustee)), before: [finding] },
    'requester-not-entitled',
  ],
  [
    'a representative who is not identified',
    { role: 'legalRepresentative', who: director, channel: 'nonElectronic', seen: [register(director)] },
    'requester-not-identified',
  ],
];

describe.each(OBJECTS)('the revocation of the %s', (object) => {
  /** What is refused leaves an organization as it was; one with a finding and one without are enough. */
  const standing = new Map<boolean, Scene>();
  const standingFor = async ({ before = [] }: Way): Promise<Scene> => {
    const of = standing.get(before.length > 0) ?? (await scene());
    standing.set(before.length > 0, of);
    return of;
  };

  it.each(ACCEPTED)('by %s is carried out, and every decision after the answer is a no', async (_who, way, shown) => {
    const of = await scene();
    const answer = having(await ask(of, object, way), 201);
    expect(await says(of)).toBe(false);
    expect(answer.body).toMatchObject({
      status: 'effected',
      requester: { role: way.role },
      identification: shown,
      immediate: way.channel === 'electronic',
      alreadyRevoked: false,
      breached: false,
    });
    expect(await statusOf(of, object)).toBe('revoked');
    // The other means and its authorization are nobody's to end here.
    expect(await says({ case1: of.case1, means: of.otherMeans })).toBe(true);
    const request = having(await supplier.get(`/v1/revocation-requests/${String(answer.body['id'])}`), 200);
    const { position: _position, ...read } = answer.body;
    expect(request.body).toEqual(read);
  });

  it.each(REFUSED)('by %s is refused, and the decision stays a yes', async (_who, way, code) => {
    const of = await standingFor(way);
    const answer = having(await ask(of, object, way), 201);
    expect(answer.body).toMatchObject({ status: 'refused', codes: [code] });
    expect(await says(of)).toBe(true);
    expect(await statusOf(of, object)).toBe('active');
  });
});

describe('who ends what is not his', () => {
  it('a representative of another organization is not entitled, whatever a register shows of that one', async () => {
    const [of, other] = [await scene(), await scene()];
    const stranger: Person = () => other.case1.director;
    const way: Way = {
      role: 'legalRepresentative',
      who: stranger,
      channel: 'nonElectronic',
      seen: [...signedLetter(stranger), register(stranger, { party: other.case1.party })],
    };
    for (const object of OBJECTS) {
      const answer = having(await ask(of, object, way), 201);
      expect(answer.body).toMatchObject({ status: 'refused', codes: ['requester-not-entitled'] });
    }
    expect(await says(of)).toBe(true);
  });

  it('somebody to whom nothing was given is not entitled as the authorized person, who is himself', async () => {
    const of = await scene();
    const asAuthorized = (who: Person): Way => ({
      role: 'authorizedParty',
      who,
      channel: 'nonElectronic',
      seen: signedLetter(who),
    });
    for (const object of OBJECTS) {
      const answer = having(await ask(of, object, asAuthorized(director)), 201);
      expect(answer.body).toMatchObject({ status: 'refused', codes: ['requester-not-entitled'] });
    }
    expect(await says(of)).toBe(true);
    const own = having(
      await ask(
        of,
        'authorization',
        asAuthorized(({ case1 }) => case1.employee),
      ),
      201,
    );
    expect(own.body).toMatchObject({ status: 'effected', identification: { ioScore: 3 } });
    expect(await says(of)).toBe(false);
  });

  it('an order that was verified in another intake is none here', async () => {
    const of = await scene();
    const { desk } = of.case1;
    const [one, two] = [
      await desk.application('nonElectronic', ['revocation'], 30, 'writing'),
      await desk.application('nonElectronic', ['revocation'], 30, 'writing'),
    ];
    const verified = await desk.check(one, await order()(of, one), 1);
    const answer = await supplier.command('/v1/revocation-requests', {
      application: two,
      object: { authorization: of.authorization },
      requester: { role: 'court' },
      checks: [verified],
    });
    expect(faultsOf(having(answer, 400))).toEqual(['/checks/0 check-not-in-dossier']);
    expect(await says(of)).toBe(true);
  });

  it('a person who says that he is the court is not', async () => {
    const of = await scene();
    const way: Way = { role: 'court', who: director, channel: 'nonElectronic', seen: [...signedLetter(director)] };
    const answer = having(await ask(of, 'authorization', way), 201);
    expect(answer.body).toMatchObject({ status: 'refused', codes: ['requester-not-entitled'] });
    expect(await says(of)).toBe(true);
  });
});
