import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  canonicalJson,
  instantFromEpoch,
  streamId,
  type AuthorizationId,
  type ConfirmationId,
  type DomainEvent,
} from '#libs/kernel';
import { evidenceProjection, lastUseProjection, type Backbone } from '#libs/application';
import { confirmationDecider } from '#libs/domain';
import { startTicker, type Ticker } from '#libs/eventing';
import type { Mail, MailOutcome } from '#libs/registers';
import { memoryBackbone, paperRegistration, until, uuid, type MemoryBackbone } from '#libs/testing';
import { PATIENCE } from '../webhook-subscriptions/retry-plan.js';
import { sendingItem, sendings } from './send-confirmations.js';
import { MAIL } from './write-confirmations.js';

/** What is sent when outcomes can't be noted, by the ticker that runs it. */

const START = Date.parse('2026-03-02T12:00:00Z');
const HOUR = 3_600_000;
const NOW = instantFromEpoch(START);
const id = uuid('conf') as ConfirmationId;
const somebody = { kind: 'person', id: uuid('person') };
const authorization = uuid('auth') as AuthorizationId;
const noticed = {
  type: 'AuthorizationNonUseNoticed',
  data: {
    ...{ authorization, noticedAt: NOW, lastUsedAt: null, countsFrom: NOW },
    revokesAt: instantFromEpoch(START + 29 * 24 * HOUR),
    addressees: [{ role: 'authorizedPerson', ...somebody }],
  },
} as DomainEvent;

let memory: MemoryBackbone;
/** Of the notice that every message tells. */
let notice: string;
let now: number;
let tickers: Ticker[];
let sent: string[];
let troubles: number;

beforeEach(async () => {
  [now, tickers, sent, troubles] = [START, [], [], 0];
  memory = await memoryBackbone(() => now, { readModels: [lastUseProjection, evidenceProjection] as never });
  const lasting = { registeredAt: NOW, validFrom: NOW, validUntil: instantFromEpoch(START + 1_000 * 24 * HOUR) };
  await memory.record(
    'authorization',
    authorization,
    ...paperRegistration.authorizationFacts(authorization, lasting),
    noticed,
  );
  notice = (await memory.stores.events.readStream(streamId('authorization', authorization))).at(-1)!.id;
});
afterEach(async () => {
  await Promise.all(tickers.map((ticker) => ticker.stop()));
  await memory.close();
});

async function waiting(confirmation: ConfirmationId = id): Promise<void> {
  const person = { kind: 'person', id: uuid('person') };
  await memory.record('confirmation', confirmation, {
    type: 'ConfirmationWritten',
    data: {
      ...{ confirmation, kind: 'nonUse', about: { authorization }, event: notice },
      ...{
        addressee: { role: 'authorizedPerson', ...person },
        channel: 'email',
        language: 'nl',
        subject: 'Aankondiging',
      },
      ...{ address: { clear: 'somebody@example.org' }, text: 'Op: {revokesAt}', contentHash: 'ab', authorized: person },
      ...{ effective: { revokesAt: instantFromEpoch(START + 29 * 24 * HOUR) }, writtenAt: instantFromEpoch(START) },
    },
  } as unknown as DomainEvent);
  const dueAt = instantFromEpoch(START);
  await memory.backbone.dueWork.enqueue([{ kind: MAIL, id: confirmation, group: confirmation, dueAt, payload: {} }]);
}

/** A process of its own: what it remembers ends with it. */
function process(
  answer: (mail: Mail, signal: AbortSignal) => MailOutcome | Promise<MailOutcome>,
  changes: Partial<Backbone> = {},
): Ticker {
  const send = async (mail: Mail, signal: AbortSignal): Promise<MailOutcome> => {
    sent.push(mail.id);
    return answer(mail, signal);
  };
  const backbone: Backbone = { ...memory.backbone, telling: { language: 'nl', mail: { send } }, ...changes };
  const ticker = startTicker(
    sendings(backbone, undefined, () => 0.5),
    {
      ...{ dueWork: backbone.dueWork, leases: backbone.leases, holder: `process-${tickers.length}`, now: backbone.now },
      ...{ leaseMilliseconds: 2_000, lookEvery: 2, onTrouble: () => void (troubles += 1) },
    },
  );
  tickers.push(ticker);
  return ticker;
}

const taken = (): MailOutcome => ({ is: 'taken' });
const state = async (confirmation: ConfirmationId = id) =>
  (await memory.backbone.commands.load(confirmationDecider, streamId('confirmation', confirmation))).state;
const item = async () => (await memory.backbone.dueWork.find({ kind: MAIL, id }))!;

/** Reads, and takes no note. */
const noting = (): { readonly commands: Backbone['commands']; isAway: boolean } => {
  const store = {
    isAway: true,
    commands: Object.assign(Object.create(memory.backbone.commands) as Backbone['commands'], {
      execute: (...parts: Parameters<Backbone['commands']['execute']>) =>
        store.isAway ? Promise.reject(new Error('the store is away')) : memory.backbone.commands.execute(...parts),
    }),
  };
  return store;
};

describe('a message whose outcome can’t be noted', () => {
  it('is sent once by a process that lives on, and noted once that can be done (CONF-05)', async () => {
    await waiting();
    const store = noting();
    process(taken, { commands: store.commands });
    for (let tries = 1; tries <= 8; tries += 1) {
      await until(`it was tried ${tries} times`, async () => (await item()).attempts >= tries);
      now += 7 * HOUR;
    }
    expect(sent).toEqual([id]);
    store.isAway = false;
    now += 7 * HOUR;
    await until('it is noted', async () => (await state()).status === 'sent');
    expect(await state()).toMatchObject({ attempts: 1, endedAt: instantFromEpoch(START) });
    expect(sent).toEqual([id]);
  });

  it('is sent once for each attempt that was counted before, and never after three days, however often processes end', async () => {
    await waiting();
    const store = noting();
    while (now < START + 2 * PATIENCE) {
      const { attempts } = await item();
      const ticker = process(taken, { commands: store.commands });
      const isOver = now > START + PATIENCE + HOUR;
      const before = troubles;
      await until('it was tried', async () => troubles > before || (await item()).dueAt > instantFromEpoch(now));
      await ticker.stop();
      if (!isOver) expect((await item()).attempts).toBe(attempts + 1);
      now = Math.max(now + HOUR, Date.parse((await item()).dueAt));
    }
    expect(sent.length).toBeGreaterThan(8);
    expect(sent.length).toBeLessThan(25);
    store.isAway = false;
    now += PATIENCE;
    process(taken);
    const count = sent.length;
    await until('it is given up', async () => (await state()).status === 'failed');
    expect(await state()).toMatchObject({ failure: 'notTaken' });
    expect(sent).toHaveLength(count);
  });

  it('is not sent at all where the attempt itself can’t be counted', async () => {
    await waiting();
    const dueWork = Object.assign(Object.create(memory.backbone.dueWork) as Backbone['dueWork'], {
      again: () => Promise.reject(new Error('the store is away')),
    });
    process(taken, { dueWork });
    await until('it was tried', () => troubles > 0);
    expect(sent).toEqual([]);
  });
});

it('says why the last attempt came to nothing, and counts each of them once', async () => {
  await waiting();
  process(() => ({ is: 'deferred', reason: 'EENVELOPE 450' }));
  await until('it was put off', async () => (await item()).reason === 'EENVELOPE 450');
  expect(await item()).toMatchObject({ attempts: 1, dueAt: instantFromEpoch(START + 5_000), state: 'waiting' });
  now += 5_000;
  await until('it was put off again', async () => (await item()).attempts === 2);
  expect(await item()).toMatchObject({ dueAt: instantFromEpoch(START + 35_000) });
});

it('names the moment that follows from when it is sent, and notes it (NONUSE-02, NONUSE-03)', async () => {
  const texts: string[] = [];
  const answering = (mail: Mail): MailOutcome => {
    texts.push(mail.text);
    return texts.length === 1 ? { is: 'deferred', reason: 'EENVELOPE 450' } : taken();
  };
  await waiting();
  process(answering);
  await until('it was put off', async () => (await item()).attempts === 1);
  // Three days later, all but: the period of the notice would be over before his is.
  now += 70 * HOUR;
  await until('it is sent', async () => (await state()).status === 'sent');
  expect(texts).toEqual(['Op: 31 maart 2026, 14:00', 'Op: 2 april 2026, 11:00']);
  expect(await state()).toMatchObject({ effective: { revokesAt: '2026-04-02T09:00:00.000Z' } });
});

it('sends what a person had tried again, though the one before was taken and could not be noted (CONF-05)', async () => {
  await waiting();
  const store = noting();
  const addresses: string[] = [];
  process(
    ({ to }) => {
      addresses.push(to);
      return taken();
    },
    { commands: store.commands },
  );
  await until('it was taken, and could not be noted', () => troubles > 0);
  const facts = { confirmation: id, channel: 'email', addressee: { role: 'authorizedPerson', ...somebody } };
  await memory.record(
    'confirmation',
    id,
    { type: 'ConfirmationFailed', data: { ...facts, reason: 'notTaken', attempts: 1, failedAt: NOW } } as DomainEvent,
    {
      type: 'ConfirmationRetried',
      data: { ...facts, address: { clear: 'new@example.org' }, retry: 1, retriedAt: NOW },
    } as unknown as DomainEvent,
  );
  await memory.backbone.dueWork.enqueue([sendingItem(id, 1, NOW)]);
  store.isAway = false;
  await until('it is sent again', async () => (await state()).status === 'sent');
  expect(addresses).toEqual(['somebody@example.org', 'new@example.org']);
});

it('leaves what a person had tried again to work of its own, whatever is left of the work before', async () => {
  await waiting();
  const failed = {
    confirmation: id,
    channel: 'email',
    reason: 'notTaken',
    attempts: 9,
    failedAt: instantFromEpoch(now),
  };
  const addressee = { role: 'authorizedPerson', kind: 'person', id: uuid('person') };
  const retried = { confirmation: id, channel: 'email', addressee, address: { clear: 'new@example.org' }, retry: 1 };
  await memory.record(
    'confirmation',
    id,
    { type: 'ConfirmationFailed', data: failed } as DomainEvent,
    { type: 'ConfirmationRetried', data: { ...retried, retriedAt: instantFromEpoch(now) } } as unknown as DomainEvent,
  );
  const addresses: string[] = [];
  now += 2 * PATIENCE;
  process(({ to }) => {
    addresses.push(to);
    return taken();
  });
  await until('the work before is done', async () => (await item()).state === 'done');
  expect([(await state()).status, addresses]).toEqual(['waiting', []]);
  await memory.backbone.dueWork.enqueue([sendingItem(id, 1, instantFromEpoch(now))]);
  await until('it is sent', async () => (await state()).status === 'sent');
  expect(addresses).toEqual(['new@example.org']);
});

it('lets others go on while one hangs, and ends with its process, as counted', async () => {
  const other = uuid('conf', 2) as ConfirmationId;
  await waiting();
  await waiting(other);
  const ticker = process((mail, signal) =>
    mail.id === other
      ? { is: 'taken' }
      : new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ is: 'deferred', reason: 'EABORT' }));
        }),
  );
  await until('the other is sent', async () => (await state(other)).status === 'sent');
  expect((await state()).status).toBe('waiting');
  await ticker.stop();
  expect(await item()).toMatchObject({ attempts: 1, state: 'waiting' });
  expect(troubles).toBe(0);
});

describe('a notice of non-use that does not hold any more', () => {
  const withdrawn = {
    type: 'AuthorizationNonUseNoticeWithdrawn',
    data: { authorization, noticedAt: NOW, ground: 'notRevokedAtLevel', lastUsedAt: null, withdrawnAt: NOW },
  } as DomainEvent;
  const used = () =>
    memory.backbone.records.append({
      id: uuid('deci'),
      kind: 'decision',
      bytes: canonicalJson({
        ...{ id: uuid('deci'), kind: 'decision', schemaVersion: 1 },
        data: {
          ...{ timestamp: now, attributes: { 'waarborg.use': true } },
          body: {
            'adl.core.response': { decision: true },
            'adl.core.information': { path: [{ authorization, position: '1', m: 3, status: 'active' }] },
          },
        },
      } as never),
    });

  it.each<[string, () => Promise<unknown>]>([
    ['was withdrawn', () => memory.record('authorization', authorization, withdrawn)],
    ['was given anew', () => memory.record('authorization', authorization, noticed)],
    ['announces the end of what was used since, which is on record only', used],
    ['announces the end of what has expired', async () => void (now += 1_001 * 24 * HOUR)],
  ])('is sent to nobody: it %s (NONUSE-02, NONUSE-04)', async (_why, happens) => {
    await waiting();
    await happens();
    await memory.backbone.readModels.upToDate(lastUseProjection as never);
    process(taken);
    await until('it has lapsed', async () => (await state()).status === 'lapsed');
    expect(sent).toEqual([]);
    expect((await memory.stores.feed.read(-1n, 100)).items.at(-1)).toMatchObject({ type: 'ConfirmationLapsed' });
  });

  it('was told where the server had taken it before that could be noted (CONF-05)', async () => {
    await waiting();
    const store = noting();
    process(taken, { commands: store.commands });
    await until('it was taken, and could not be noted', () => troubles > 0);
    await memory.record('authorization', authorization, withdrawn);
    const data = { confirmation: id, since: NOW, lapsedAt: NOW };
    await memory.record('confirmation', id, { type: 'ConfirmationLapsed', data } as DomainEvent);
    store.isAway = false;
    now += HOUR;
    await until('it is noted', async () => (await state()).status === 'sent');
    expect(sent).toEqual([id]);
  });
});
