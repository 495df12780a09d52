import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../support/api.js';
import { at } from '../support/case.js';
import { having, type Client } from '../support/client.js';
import { startMemorySuite, type MemorySuite } from '../support/memory-suite.js';
import { nextMoment } from '../support/next-moment.js';
import { bankTransaction, copy, type Fact } from './support/facts.js';
import {
  administrator,
  DAY,
  decideAnew,
  onPaperAt2,
  onPaperAt3,
  registered,
  stageOn,
  type Standing,
} from './support/register-anew.js';
import {
  application,
  delivered,
  holder,
  holderAtThree,
  record,
  revokeByHolder,
  sceneOf,
  setStage,
  type Holder,
  type Stage,
} from './support/stage.js';

/** Every kind of decision comes out again as it was recorded, long after what it rested on has changed (ARCH-14). */

const REASON = 'Yearly sample';

interface Decision extends Json {
  readonly record: { readonly type: string };
  readonly recorded: Json;
  readonly judgedAgain: Json | null;
  readonly differences: readonly Json[];
  readonly obstacles: readonly string[];
}

let memory: MemorySuite;
let client: Client;
let auditor: Client;
let stage: Stage;
let admin: Standing;

beforeAll(async () => {
  memory = await startMemorySuite();
  [client, auditor] = await Promise.all([memory.client('supplier'), memory.client('auditor')]);
  stage = await setStage(stageOn(memory), client);
  admin = await administrator(stage, 'EH3');
});
afterAll(() => memory.end());

async function explained(kind: 'authorizations' | 'means', id: string, moment?: string): Promise<Decision> {
  const asked = { reason: REASON, ...(moment === undefined ? {} : { at: moment }) };
  return having(await auditor.ask(`/v1/explanations/${kind}/${id}`, asked), 200).body['decision'] as Decision;
}
const sameAs = (decision: Decision): unknown => ({
  type: decision.record.type,
  same: isDeepStrictEqual(decision.judgedAgain, decision.recorded),
  ...{ differences: decision.differences, obstacles: decision.obstacles },
});
const comesOutAgain = (type: string): unknown => ({ type, same: true, differences: [], obstacles: [] });

const ending = async (body: Json = {}, checks: readonly Fact[] = onPaperAt3): Promise<Standing> =>
  registered(
    stage,
    await holder(client, 3),
    { period: { from: at(-1_000), until: at(30 * DAY) }, ...body },
    { where: admin.party, checks },
  );

describe('an authorization', () => {
  it('that was renewed by its administrator, changed, and lost its administrator since', async () => {
    const own = await administrator(stage, 'EH3');
    const of = await registered(
      stage,
      await holder(client, 3),
      { period: { from: at(-1_000), until: at(30 * DAY) } },
      { where: own.party },
    );
    const first = memory.backbone.now();
    await nextMoment(memory.backbone);
    const period = { from: at(29 * DAY), until: at(1_000 * DAY) };
    having(await decideAnew(stage, of, { purpose: 'renewal', by: own, body: { period } }), 200);
    const renewed = memory.backbone.now();
    await nextMoment(memory.backbone);
    const nature = { rightOfSubstitution: true, actsIndependently: true };
    having(await decideAnew(stage, of, { purpose: 'change', by: own, body: { set: { nature } } }), 200);
    await nextMoment(memory.backbone);
    // Whoever decided is nobody any more: that takes nothing from what he decided.
    await revokeByHolder(client, own.holder, { authorization: own.id });
    await nextMoment(memory.backbone);
    expect(sameAs(await explained('authorizations', of.id, first))).toEqual(comesOutAgain('AuthorizationRegistered'));
    expect(sameAs(await explained('authorizations', of.id, renewed))).toEqual(comesOutAgain('AuthorizationRenewed'));
    expect(sameAs(await explained('authorizations', of.id))).toEqual(comesOutAgain('AuthorizationChanged'));
  });

  it('at a lower level, on paper and of an administrator', async () => {
    const lower = await ending({ aimedLevel: 'EH2+' }, onPaperAt2);
    await nextMoment(memory.backbone);
    const decision = await explained('authorizations', lower.id);
    expect([sameAs(decision), decision.recorded['eh']]).toEqual([comesOutAgain('AuthorizationRegistered'), 'EH2+']);
    expect(sameAs(await explained('authorizations', admin.id))).toEqual(comesOutAgain('AuthorizationRegistered'));
  });
});

describe('a means', () => {
  const upgraded = async (of: Holder, facts: readonly Fact[]): Promise<void> => {
    const intake = await application(client, 'electronic', 'upgrade');
    const scene = sceneOf({ application: intake, authorized: of.human, means: of.means });
    const checks = await record(client, scene, facts);
    checks.push(await delivered(client, scene, of.means, { form: 'registeredLetter', addressValidated: true }));
    const body = { application: intake, checks, aimedStork: 3, product: 'password-sms' };
    having(await client.command(`/v1/means/${of.means}/upgrades`, body), 200);
  };

  it('that was upgraded, before and after', async () => {
    const of = await holder(client, 2);
    const before = memory.backbone.now();
    await nextMoment(memory.backbone);
    await upgraded(of, holderAtThree);
    await nextMoment(memory.backbone);
    const [then, now] = [await explained('means', of.means, before), await explained('means', of.means)];
    expect([sameAs(then), then.recorded['stork']]).toEqual([comesOutAgain('MeansIssued'), 2]);
    expect([sameAs(now), now.recorded['stork']]).toEqual([comesOutAgain('MeansUpgraded'), 3]);
  });

  it('whose holder has another one since, and a bank transaction that was used since', async () => {
    const of = await holder(client, 2);
    const bank = [copy('authorized'), bankTransaction('authorized')];
    await upgraded(of, [...holderAtThree, ...bank]);
    await nextMoment(memory.backbone);
    const { record: _record, ...before } = await explained('means', of.means);
    expect([before.differences, before.obstacles]).toEqual([[], []]);
    await holder(client, 3, of.human);
    await registered(stage, of, { aimedLevel: 'EH2', acceptLower: true }, { checks: onPaperAt3 });
    await nextMoment(memory.backbone);
    const { record: _again, ...after } = await explained('means', of.means);
    expect(after).toEqual(before);
  });
});
