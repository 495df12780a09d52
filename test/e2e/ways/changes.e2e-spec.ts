import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Instant } from '#libs/kernel';
import { seed } from '#libs/application';
import type { Json } from '../support/api.js';
import { at, DUO, UWV } from '../support/case.js';
import { freshKey, having, type Answer, type Client } from '../support/client.js';
import { startMemorySuite, type MemorySuite } from '../support/memory-suite.js';
import {
  askedApart,
  attributes,
  BRANCH,
  circumstances,
  complete,
  identifiedParty,
  MAIN,
  ofIntermediary,
  partyAttributes,
  recordOne,
  representation,
  signedForm,
  tradeRegister,
  vouching,
} from './support/facts.js';
import {
  administrator,
  asks,
  bodyAnew,
  DAY,
  decideAnew,
  director,
  loggedIn,
  onPaperAt2,
  onPaperAt3,
  registered,
  stageOn,
  type Anew,
  type Standing,
} from './support/register-anew.js';
import { codesOf, refusalRecord, walk } from './support/register.js';
import { application, holder, revokeByHolder, setStage, sceneOf, type Stage } from './support/stage.js';

/** Changes of authorizations as new decisions, through HTTP (REG-13). */

const GONE = 'urn:etoegang:DV:00000099800000001000:services:9';

let memory: MemorySuite;
let client: Client;
let network: Client;
let stage: Stage;
let admin: Standing;

beforeAll(async () => {
  const [first] = seed.services;
  const withdrawn = { ...first!, id: GONE, name: 'Gone', withdrawnFrom: '2024-01-01T00:00:00.000Z' as Instant };
  memory = await startMemorySuite({ data: { ...seed, services: [...seed.services, withdrawn] } });
  [client, network] = await Promise.all([memory.client('supplier'), memory.client('network')]);
  stage = await setStage(stageOn(memory), client);
  admin = await administrator(stage, 'EH3');
});
afterAll(() => memory.end());

const listed = tradeRegister({ currentEstablishments: [MAIN, BRANCH] });
const standing = async (body: Json = {}, checks = onPaperAt3): Promise<Standing> =>
  registered(
    stage,
    await holder(client, 3),
    { scope: { services: [DUO, UWV] }, period: { from: at(-1_000), until: at(300 * DAY) }, ...body },
    { where: admin.party, checks },
  );
/** Checked for EH3, on a means that carries EH2. */
const onLowMeans = async (): Promise<Standing> =>
  registered(
    stage,
    await holder(client, 2, undefined, stage.director),
    {
      scope: { services: [DUO, UWV] },
      period: { from: at(-1_000), until: at(300 * DAY) },
      aimedLevel: 'EH2',
    },
    { where: admin.party, checks: [...onPaperAt3, vouching()] },
  );
const changing = (set: Json, anew: Partial<Anew> = {}): Anew => ({
  ...{ purpose: 'change', by: admin, ...anew },
  body: { set, ...anew.body },
});
const onPaper = { by: undefined } as unknown as Partial<Anew>;
const change = (of: Standing, set: Json, anew: Partial<Anew> = {}): Promise<Answer> =>
  decideAnew(stage, of, changing(set, anew));
const shown = async ({ id }: Standing): Promise<Json> => having(await client.get(`/v1/authorizations/${id}`), 200).body;
const path = ({ id }: Standing): string => `/v1/authorizations/${id}/changes`;

describe('a change', () => {
  it('of the scope is a decision of its own, and the very next question is answered by it (REG-13)', async () => {
    const of = await standing();
    expect(await asks(network, stage, of, { service: UWV })).toMatchObject({ decision: true });
    const key = freshKey();
    const body = await bodyAnew(stage, of, changing({ scope: { services: [DUO] } }));
    const answer = having(await client.command(path(of), body, key), 200);
    expect(await asks(network, stage, of, { service: UWV })).toMatchObject({
      decision: false,
      context: { reasons: [{ code: 'service-not-in-scope' }] },
    });
    expect(await asks(network, stage, of)).toMatchObject({ decision: true });

    expect(answer.body).toMatchObject({
      ...{ id: of.id, status: 'active', m: 3, eh: 'EH3', submitterLevel: 'EH3', registration: 'repeated' },
      ...{ scope: { all: false, services: [DUO], groups: [] }, nature: of.body['nature'] },
      ...{ validUntil: of.body['validUntil'], application: of.body['application'] },
      decision: { kind: 'change', application: body['application'] },
    });
    const { position, ...same } = answer.body;
    const { lastUsedAt: _used, ...kept } = await shown(of);
    expect(kept).toEqual(same);
    const again = await client.command(path(of), body, key);
    expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toEqual([200, 'true', answer.body]);
    const found = having(
      await client.ask('/v1/authorizations/_search', { means: of.holder.means, after: position }),
      200,
    ).body;
    expect(found['items']).toMatchObject([{ id: of.id, scope: { services: [DUO] } }]);
  });

  it('to one establishment narrows it at once, and back again needs its own checks (CONT-06, IA2-b-est)', async () => {
    const of = await standing();
    const checks = [...loggedIn(admin), listed];
    having(await change(of, { establishments: [BRANCH] }, { checks }), 200);
    expect(await asks(network, stage, of, { establishment: MAIN })).toMatchObject({ decision: false });
    expect(await asks(network, stage, of, { establishment: BRANCH })).toMatchObject({ decision: true });
    const wide = having(await change(of, { everywhere: true }), 200).body;
    expect(wide).not.toHaveProperty('establishments');
    expect(await asks(network, stage, of, { establishment: MAIN })).toMatchObject({ decision: true });
    const unlisted = await change(of, { establishments: ['000000000099'] }, { checks });
    expect([unlisted.status, codesOf(unlisted)]).toEqual([409, expect.arrayContaining(['establishment-not-current'])]);
  });

  it('of the nature: who may not act independently gets no yes any more (CONT-09)', async () => {
    const of = await standing();
    having(await change(of, { nature: { rightOfSubstitution: false, actsIndependently: false } }), 200);
    expect(await asks(network, stage, of)).toMatchObject({
      decision: false,
      context: { reasons: [{ code: 'not-independently' }] },
    });
  });

  it('of the period ends it sooner; what has begun stays begun (REG-08)', async () => {
    const of = await standing();
    const until = `${at(20 * DAY).slice(0, 19)}.000Z`;
    const shorter = having(await change(of, { period: { from: at(-DAY), until } }), 200).body;
    expect(shorter).toMatchObject({ validFrom: of.body['validFrom'], validUntil: until });
    expect(await asks(network, stage, of)).toMatchObject({ decision: true, context: { validUntil: until } });
    const ahead = await standing({ period: { from: at(DAY), until: at(300 * DAY) } });
    const moved = having(await change(ahead, { period: { from: at(2 * DAY), until: at(4_000 * DAY) } }), 200).body;
    expect(moved).toMatchObject({ status: 'notYetValid', capped: true });
  });

  it('that changes nothing records nothing, and its retry says the same', async () => {
    const of = await standing();
    const body = await bodyAnew(stage, of, changing({ nature: of.body['nature'] }));
    const before = await stage.suite.heads();
    const key = freshKey();
    const answer = having(await client.command(path(of), body, key), 200);
    expect((await stage.suite.heads()).events).toBe(before.events);
    expect(answer.body).toMatchObject({ decision: { kind: 'registration' } });
    expect((await client.command(path(of), body, key)).body).toEqual(answer.body);
    // Nothing was ended, and decisions go on.
    expect(await asks(network, stage, of)).toMatchObject({ decision: true });
  });

  it('on paper by the director at IO2 is refused below the level it has, or lowers it where that is accepted (REG-16)', async () => {
    const of = await standing();
    const before = await stage.suite.heads();
    const low = { ...onPaper, checks: onPaperAt2 };
    const scope = { services: [DUO] };
    const refused = await change(of, { scope }, { ...low, body: { aimedLevel: 'EH2' } });
    expect([refused.status, refused.body['errors']]).toMatchObject([
      409,
      [{ code: 'level-not-reached', aimed: 'EH3', reached: 'EH2+' }],
    ]);
    expect(await refusalRecord(stage.suite, before.records, refused)).toMatchObject({
      ...{ command: 'ChangeAuthorization', object: 'authorization' },
    });
    const lower = await change(of, { scope }, { ...low, body: { acceptLower: true } });
    expect(having(lower, 200).body).toMatchObject({ m: 2, eh: 'EH2+' });
    expect(await asks(network, stage, of)).toMatchObject({ decision: false, context: { level: 'EH2+' } });
  });

  it('keeps the M that a lower means hides, unless a lower one is accepted (REG-16, UPG-03)', async () => {
    const of = await onLowMeans();
    const low = { ...onPaper, checks: onPaperAt2 };
    const scope = { services: [DUO] };
    const refused = await change(of, { scope }, { ...low, body: { aimedLevel: 'EH2' } });
    expect([refused.status, refused.body['errors']]).toMatchObject([
      409,
      [{ code: 'level-not-reached', aimed: 'EH3', reached: 'EH2' }],
    ]);
    expect(await shown(of)).toMatchObject({ m: 3, eh: 'EH2', scope: { services: [DUO, UWV] } });
    const lower = await change(of, { scope }, { ...low, body: { aimedLevel: 'EH2', acceptLower: true } });
    expect(having(lower, 200).body).toMatchObject({ m: 2, eh: 'EH2' });
  });
});

describe('what is not changed', () => {
  const nobody = '00000000-0000-4000-8000-000000000000';
  const narrow = { scope: { services: [DUO] } };

  it('is what is not there; every fault of the request is named at once (MUT-01)', async () => {
    const of = await standing();
    const body = await bodyAnew(stage, of, changing(narrow));
    const nowhere = await client.command(`/v1/authorizations/${nobody}/changes`, body);
    expect([nowhere.status, nowhere.body['code']]).toEqual([404, 'no-such-registration']);
    const faulty = await client.command(path(of), {
      ...body,
      ...{ application: nobody, submitter: { person: nobody, role: 'administrator' }, checks: [nobody] },
      set: { scope: { services: ['urn:none'] } },
    });
    expect([faulty.status, [...codesOf(faulty)].sort()]).toEqual([
      400,
      ['unknown-application', 'unknown-check', 'unknown-person', 'unknown-service'],
    ]);
    expect(faulty.body['errors']).toContainEqual(expect.objectContaining({ pointer: '/set/scope/services/0' }));
    for (const [set, pointer] of [
      [{}, '/set'],
      [{ scope: { all: true, services: [DUO] } }, '/set/scope'],
      [{ everywhere: true, establishments: [BRANCH] }, '/set/everywhere'],
      [{ period: { from: at(DAY), until: at(DAY) } }, '/set/period/until'],
    ] as const) {
      const answer = await client.command(path(of), { ...body, set });
      expect([answer.status, answer.body['errors']]).toMatchObject([400, [{ code: 'invalid-value', pointer }]]);
    }
    const level = await client.command(path(of), { ...body, aimedLevel: 'EH9' });
    expect([level.status, level.body['code']]).toEqual([400, 'unknown-level']);
    const stranger = await recordOne(client, body['application'] as string, {
      ...(attributes('submitter')(sceneOf({ submitter: stage.colleague })) as Json),
    });
    const ofAnother = await client.command(path(of), { ...body, checks: [stranger] });
    expect(ofAnother.body['errors']).toMatchObject([{ code: 'check-not-in-dossier', pointer: '/checks/0' }]);
  });

  it('is lengthened: that is a renewal (REN-01)', async () => {
    const of = await standing();
    const longer = await change(of, { period: { from: at(-1_000), until: at(400 * DAY) } });
    expect([longer.status, codesOf(longer)]).toEqual([409, ['renewal-needed']]);
    const gap = await change(of, { period: { from: at(DAY), until: at(200 * DAY) } });
    expect(gap.body['errors']).toMatchObject([{ code: 'period-leaves-gap', pointer: '/set/period/from' }]);
    const over = await change(of, { period: { from: at(-DAY), until: at(-60_000) } });
    expect(over.body['errors']).toMatchObject([{ code: 'period-has-passed', pointer: '/set/period/until' }]);
  });

  it('is to a service that was withdrawn, or by an intermediary to one without chains (CONT-04, CHAIN-13)', async () => {
    const of = await standing();
    const gone = await change(of, { scope: { services: [DUO, GONE] } });
    expect([gone.status, codesOf(gone)]).toEqual([409, ['service-withdrawn']]);
    const { answer, scene } = await walk(stage, {
      authorized: 'intermediary',
      checks: [
        ...[...identifiedParty, representation(), circumstances(), ...director],
        ...[ofIntermediary(partyAttributes()), ofIntermediary(tradeRegister())],
      ],
      body: { aimedLevel: 'EH2', acceptLower: true },
    });
    const own: Standing = { ...of, id: having(answer, 201).body['id'] as string, party: scene.party };
    const refused = await change(own, { scope: { services: [UWV, DUO] } }, { ...onPaper, checks: [] });
    expect([refused.status, codesOf(refused)]).toEqual([
      409,
      expect.arrayContaining(['service-without-chain-support']),
    ]);
  });

  it('is at EH1 to some services, and that level is closed (CONT-07, TFA-03)', async () => {
    const of = await standing();
    const checks = [partyAttributes(), askedApart(), signedForm(), attributes('authorized'), complete()];
    const low = await change(of, narrow, { ...onPaper, checks, body: { acceptLower: true, aimedLevel: 'EH1' } });
    expect([low.status, codesOf(low)]).toEqual([409, ['scope-not-allowed-at-EH1', 'level-closed-for-issuance']]);
  });

  it('is above the administrator, or beyond his establishments (ADMIN-03, ADMIN-10)', async () => {
    const of = await standing();
    const lower = await administrator(stage, 'EH2+', admin.party);
    const refused = await change(of, narrow, { by: lower, body: { acceptLower: true, aimedLevel: 'EH2+' } });
    expect([refused.status, codesOf(refused)]).toEqual([409, ['admin-level-too-low']]);
    // What counts is what its M carries, whatever its means allows by now (AMB-72).
    const hidden = await change(await onLowMeans(), narrow, {
      by: lower,
      body: { acceptLower: true, aimedLevel: 'EH2' },
    });
    expect([hidden.status, hidden.body['errors']]).toMatchObject([
      409,
      [{ code: 'admin-level-too-low', have: 'EH2+', need: 'EH3' }],
    ]);
    const his = await holder(client, 3);
    const { answer } = await walk(stage, {
      scene: { authorized: his.human, means: his.means, party: admin.party },
      checks: [...onPaperAt3, listed],
      body: { authority: 'administration', aimedLevel: 'EH3', scope: { all: true }, establishments: [BRANCH] },
    });
    const branch = { ...admin, holder: his, id: having(answer, 201).body['id'] as string };
    // What it becomes is his, what it is is not.
    const beyond = await change(
      of,
      { establishments: [BRANCH] },
      { by: branch, checks: [...loggedIn(branch), listed] },
    );
    expect([beyond.status, codesOf(beyond)]).toEqual([409, ['outside-establishment']]);
  });

  it('is on an intake for something else, without its own evidence, or by a stranger (REG-03, REG-10, ADMIN-06)', async () => {
    const of = await standing();
    const other = await change(of, narrow, {
      body: { application: await application(client, 'electronic', 'registration') },
    });
    expect([other.status, codesOf(other)]).toEqual([409, ['purpose-not-in-application']]);
    const old = await change(of, narrow, { ...onPaper, body: { checks: of.body['checks'] } });
    expect(codesOf(old)).toEqual(expect.arrayContaining(['evidence-not-reusable']));
    const stranger = await administrator(stage, 'EH3');
    expect(codesOf(await change(of, narrow, { by: stranger }))).toContain('no-administration-authority');
  });

  it('hangs on a means that has ended (REV-07)', async () => {
    const of = await standing();
    await revokeByHolder(client, of.holder, { means: of.holder.means });
    const refused = await change(of, narrow, { body: { acceptLower: true } });
    expect(codesOf(refused)).toContain('means-revoked');
  });

  it('is revoked, before or at the same moment (REV-08, MUT-01)', async () => {
    for (const isFirst of [true, false]) {
      const of = await standing();
      const body = await bodyAnew(stage, of, changing(narrow));
      const revoking = revokeByHolder(client, of.holder, { authorization: of.id });
      if (isFirst) await revoking;
      const answer = await client.command(path(of), body);
      await revoking;
      if (isFirst || answer.status !== 200) {
        expect([answer.status, answer.body['errors']]).toMatchObject([
          409,
          [{ code: 'no-such-registration', standing: 'revoked' }],
        ]);
      }
      expect(await shown(of)).toMatchObject({ status: 'revoked' });
      expect(await asks(network, stage, of)).toMatchObject({ decision: false });
    }
  });

  it('is changed by two at once: both stand, one after the other, each on what it was judged on', async () => {
    const of = await standing();
    const bodies = [
      await bodyAnew(stage, of, changing(narrow)),
      await bodyAnew(stage, of, changing({ nature: { rightOfSubstitution: true, actsIndependently: true } }, onPaper)),
    ];
    const answers = await Promise.all(bodies.map((body) => client.command(path(of), body)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await shown(of)).toMatchObject({
      ...{ scope: { services: [DUO] }, nature: { rightOfSubstitution: true, actsIndependently: true } },
    });
  });

  it('has expired (MUT-01)', async () => {
    const of = await standing({ period: { from: at(-1_000), until: at(2 * DAY) } });
    memory.pass(2 * DAY);
    const late = await change(of, narrow);
    expect([late.status, late.body['errors']]).toMatchObject([
      409,
      [{ code: 'no-such-registration', standing: 'expired' }],
    ]);
  });
});
