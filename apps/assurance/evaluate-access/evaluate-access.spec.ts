import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { usePolicy } from '#libs/application';
import type { AuthorizationId, MeansId, PartyId, Pseudonym } from '#libs/kernel';
import type { RecordPlace, RecordToAppend, StoredRecord } from '#libs/eventing';
import { PATIENCE, until } from '#libs/testing';
import { memoryRegister, type MemoryRegister } from '../../../test/e2e/assurance/register.js';
import { startLiveIndex, type RunningIndex } from '../decision-index/live-index.js';
import { readAccessRequest } from './access-request.js';
import { answerSigner, type AnswerSigner } from '../signed-answers/answer-signer.js';
import { accessQuestion, type AccessAnswer } from './evaluate-access.handler.js';
import { answerGiver } from './give-answer.js';

const DUO = 'urn:etoegang:DV:00000099800000001000:services:1';
const LEASE = 60_000;
const HOUR = 3_600_000;

let register: MemoryRegister;
let running: RunningIndex;
let beside = 0;
let client: PartyId;
let holder: { means: MeansId; pseudonym: Pseudonym };
let authorization: AuthorizationId;

beforeEach(async () => {
  beside = 0;
  register = await memoryRegister({ clock: () => Date.now() + beside });
  client = await register.party('69599084');
  holder = await register.means();
  authorization = await register.authorize(client, holder);
  const { backbone, stores } = register;
  running = startLiveIndex({
    projections: stores.projections,
    feed: backbone.feed,
    serializer: backbone.serializer,
    identity: backbone.identity,
    instances: backbone.decisionInstances,
    instance: 'one',
    leaseMilliseconds: LEASE,
  });
  await running.index.waitFor(await backbone.feed.head(), PATIENCE);
  await until('the index is current', () => running.index.current);
});
afterEach(async () => {
  await running.stop();
  await register.close();
});

/** Asks; `around` is what happens to each record on its way into the log. */
async function ask(
  around: (append: () => Promise<RecordPlace>, nr: number, record: RecordToAppend) => Promise<RecordPlace> = (append) =>
    append(),
  signing?: Pick<AnswerSigner, 'ready'>,
): Promise<{ readonly answer: AccessAnswer; readonly records: readonly StoredRecord[] }> {
  const { backbone } = register;
  const before = await backbone.records.head();
  let nr = 0;
  const append = (record: RecordToAppend): Promise<RecordPlace> => {
    nr += 1;
    return around(() => register.stores.records.append(record), nr, record);
  };
  const records = Object.assign(Object.create(backbone.records) as typeof backbone.records, { append });
  const read = readAccessRequest({
    subject: { type: 'means', id: holder.pseudonym },
    action: { name: 'represent', properties: { service: DUO } },
    resource: { type: 'organization', id: 'kvk:69599084' },
  });
  if ('faults' in read) throw new Error('the question has faults');
  const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
  const ids = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceparent, correlationId: 'c' };
  const policy = usePolicy(backbone.governance, backbone.rules);
  const signer = answerSigner(backbone.answerKeys, backbone.now, (name, error) => {
    throw new Error(`${name}: ${String(error)}`);
  });
  await signer.begin();
  const give = answerGiver(
    { ...backbone, records },
    running.index,
    policy,
    signing ?? signer,
    'https://register.example',
  );
  const { text } = await give(accessQuestion(read.request, running.index, policy), {
    caller: { client: 'network', correlationId: 'c', traceparent },
    ...{ ids, reading: false, endpoint: '/access/v1/evaluation' as const, requestHash: 'sha-256=' },
  });
  return { answer: JSON.parse(text) as AccessAnswer, records: (await backbone.records.read(before)).items };
}

const codes = ({ context }: AccessAnswer): unknown =>
  (context['reasons'] as { readonly code: string }[]).map(({ code }) => code);
const used = (records: readonly StoredRecord[]): unknown[] =>
  records.map(({ bytes }) => JSON.parse(bytes).data.attributes['waarborg.use']);

/** The yes was recorded and did not leave; the no that did has a record of its own. */
function expectWithheld({ answer, records }: Awaited<ReturnType<typeof ask>>, reason: string): void {
  expect(answer.decision).toBe(false);
  expect(codes(answer)).toEqual([reason]);
  expect(used(records)).toEqual([true, false]);
  expect(records[1]!.id).toBe(answer.context['id']);
}

describe('a yes at use', () => {
  it('leaves when its record was written while the lease ran', async () => {
    const { answer, records } = await ask();
    expect(answer.decision).toBe(true);
    expect(used(records)).toEqual([true]);
  });

  it('leaves no record of use where there is no key to sign it with', async () => {
    const before = await register.backbone.records.head();
    await expect(ask(undefined, { ready: () => Promise.reject(new Error('no key')) })).rejects.toThrow('no key');
    expect((await register.backbone.records.read(before)).items).toEqual([]);
  });

  it('names its lease in its record; a no has none to name', async () => {
    const leases: unknown[] = [];
    const noted: Parameters<typeof ask>[0] = (append, _nr, record) => {
      leases.push(record.lease);
      return append();
    };
    await ask(noted);
    await register.revoke(authorization);
    await until('it is a no', async () => !(await ask()).answer.decision);
    await ask(noted);
    expect(leases).toEqual([expect.objectContaining({ instance: 'one' }), undefined]);
  });

  it('does not leave when what it rests on was revoked while its record was written', async () => {
    const given = await ask(async (append, nr) => {
      const place = await append();
      if (nr > 1) return place;
      const position = await register.revoke(authorization);
      expect(await register.backbone.visibility.everywhere(position, 'AuthorizationRevoked')).toBe(true);
      return place;
    });
    expectWithheld(given, 'authorization-revoked');
  });

  it('does not leave by a path that was revoked meanwhile, though another is a yes as well', async () => {
    // Younger than the first for certain, so that the first is the one that is taken (USE-05).
    beside = 1_000;
    const other = await register.authorize(client, holder);
    expect(await running.index.waitFor(await register.backbone.feed.head(), PATIENCE)).toBe(true);
    const { answer, records } = await ask(async (append, nr) => {
      const place = await append();
      if (nr > 1) return place;
      const position = await register.revoke(authorization);
      expect(await register.backbone.visibility.everywhere(position, 'AuthorizationRevoked')).toBe(true);
      return place;
    });
    expect(answer).toMatchObject({ decision: true, context: { path: [other] } });
    expect(used(records)).toEqual([true, true]);
    expect(records[1]!.id).toBe(answer.context['id']);
  });

  it('does not leave when its record was written after the lease by the clock of the store', async () => {
    const given = await ask((append, nr) => {
      if (nr === 1) beside = HOUR;
      return append();
    });
    expectWithheld(given, 'index-not-current');
  });

  it('does not leave when the instance was counted out before its record was written, whatever the clock says then', async () => {
    // As a machine that was paused: its own clock stood still, and its feed has brought nothing yet.
    const given = await ask(async (append, nr) => {
      if (nr > 1) return append();
      beside = HOUR;
      expect(await register.backbone.decisionInstances.behind(2n ** 62n)).toEqual([]);
      beside = 0;
      return append();
    });
    expectWithheld(given, 'index-not-current');
  });

  it('does not leave when its entry is a new one already', async () => {
    const given = await ask(async (append, nr) => {
      if (nr > 1) return append();
      await register.backbone.decisionInstances.leave('one');
      await register.stores.instances.renew('one', 2n ** 62n, LEASE);
      return append();
    });
    expectWithheld(given, 'index-not-current');
  });

  it('does not leave when its instance stopped meanwhile', async () => {
    const given = await ask(async (append, nr) => {
      if (nr === 1) await running.stop();
      return append();
    });
    expectWithheld(given, 'index-not-current');
  });

  it('is asked for again without harm: the next one leaves', async () => {
    const given = await ask(async (append, nr) => {
      if (nr === 1) await register.backbone.decisionInstances.leave('one');
      return append();
    });
    expectWithheld(given, 'index-not-current');
    await register.party('68750110');
    await until('it is counted on again', async () => (await ask()).answer.decision);
  });
});
