import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { later, streamId } from '#libs/kernel';
import { dossierProjections, type CommandRequest } from '#libs/application';
import { checkDecider, MAX_CHECKS } from '#libs/domain';
import { StoreUnavailable } from '#libs/eventing';
import {
  fixedClock,
  memoryBackbone,
  paperRegistration,
  uuid,
  type FixedClock,
  type MemoryBackbone,
} from '#libs/testing';
import { applicationsProjection } from '../applications/applications.projection.js';
import { judgeBatch, recordBatch } from './record-batch.handler.js';
import { checkId, judgeCheck, recordCheck } from './record-check.handler.js';

const { assessedAt, checkOf, ids, recordChecks, recordPaperRegistration } = paperRegistration;
const DAY = 86_400_000;

let memory: MemoryBackbone;
let clock: FixedClock;
beforeEach(async () => {
  clock = fixedClock(assessedAt);
  memory = await memoryBackbone(clock, { readModels: [...dossierProjections, applicationsProjection] });
  await recordPaperRegistration(memory, []);
});
afterEach(() => memory.close());

const confirmation = (more: object = {}) => ({
  type: 'emailConfirmation',
  application: ids.application,
  about: { person: ids.director },
  performedAt: '2026-03-02T11:00:00Z',
  performedBy: { system: 'portal' },
  source: { name: 'case-file', reference: 'f-1' },
  confirmed: true,
  ...more,
});
const withoutAnswer = ({ confirmed: _, ...rest }: ReturnType<typeof confirmation>): object => rest;
const report = () => ({
  ...withoutAnswer(confirmation()),
  ...{ type: 'idDocumentStatus', document: ids.directorsPassport, status: 'reported' },
});
const several = (length: number) => Array.from({ length }, () => confirmation());

const KEY = 'key-of-a-batch';
const CLIENT = 'back-office';
const judged = (body: unknown, replayed = false) =>
  judgeBatch(memory.backbone, body, { client: CLIENT, key: KEY, replayed });
const faultsOf = async (body: unknown): Promise<readonly string[]> =>
  (await judged(body)).faults.map(({ pointer, code }) => `${pointer} ${code}`);

async function send(items: readonly unknown[], key = KEY, replayOnly = false) {
  const read = await judgeBatch(memory.backbone, { items }, { client: CLIENT, key, replayed: replayOnly });
  if (read.value === undefined) throw new Error(JSON.stringify(read.faults));
  const request: CommandRequest = { client: CLIENT, correlationId: 'trace', idempotencyKey: key };
  return recordBatch(memory.backbone, replayOnly ? { ...request, replayOnly } : request, read.value);
}
const idsOf = (outcomes: Awaited<ReturnType<typeof send>>): readonly unknown[] =>
  outcomes.map((one) => (one.outcome === 'accepted' && one.state.status === 'recorded' ? one.state.id : one.outcome));
const own = (length: number, key = KEY) =>
  Array.from({ length }, (_, index) => checkId(memory.backbone, CLIENT, key, index));

/** The store is away at the append of that number, counted from the next. */
function failing(atAppend: number): void {
  const { events } = memory.stores;
  const append = events.append.bind(events);
  let appends = 0;
  events.append = (...parts) => {
    if (++appends < atAppend) return append(...parts);
    events.append = append;
    return Promise.reject(new StoreUnavailable('away'));
  };
}
const head = () => memory.stores.feed.head();

describe('a batch of checks', () => {
  it('is recorded in order, each check in a stream of its own, under an id from key and place', async () => {
    const outcomes = await send([confirmation(), report(), confirmation({ confirmed: false })]);
    expect(idsOf(outcomes)).toEqual(own(3));
    expect(new Set([...own(3), checkId(memory.backbone, CLIENT, KEY)]).size).toBe(4);
    expect(outcomes).toMatchObject([
      { replayed: false, revision: 0, state: { facts: { type: 'emailConfirmation', confirmed: true } } },
      { replayed: false, revision: 0, state: { facts: { type: 'idDocumentStatus' } } },
      { replayed: false, revision: 0, state: { facts: { confirmed: false } } },
    ]);
    const positions = outcomes.map((one) => (one as { readonly position: bigint }).position);
    expect([...positions].sort((a, b) => Number(a - b))).toEqual(positions);
  });

  it('is answered again under the same key, whatever has become of what it names, and nothing is recorded', async () => {
    const first = await send([confirmation(), report()]);
    const before = await head();
    clock.set(later(clock.now(), 40 * DAY));
    const again = await send([confirmation(), report()]);
    expect(again).toEqual(first.map((one) => ({ ...one, replayed: true })));
    expect(await head()).toBe(before);
  });

  it.each<[string, () => readonly unknown[]]>([
    ['another check', () => [confirmation(), confirmation({ confirmed: false })]],
    ['one more', () => [confirmation(), report(), report()]],
    ['one less', () => [confirmation()]],
    ['another order', () => [report(), confirmation()]],
  ])('under the key of another is none: %s', async (_what, items) => {
    await send([confirmation(), report()]);
    const before = await head();
    expect(await send(items())).toEqual([{ outcome: 'key-reused' }]);
    expect(await head()).toBe(before);
  });

  it('leaves nothing in the key store where another comes under its key, or one that was refused', async () => {
    await send([confirmation()]);
    const kept: unknown[] = [];
    const { clerkReference, requestHash } = memory.backbone.secrets;
    Object.assign(memory.backbone.secrets, {
      clerkReference: (subject: string) => (kept.push(subject), clerkReference(subject)),
      requestHash: (body: string, holder?: object, ...rest: [(() => Promise<readonly string[]>)?]) => {
        if (holder !== undefined) kept.push(holder);
        return requestHash(body, holder as never, ...rest);
      },
    });
    const late = { lateEntryReason: 'came by post', performedBy: { clerk: 'c-18' } };
    for (const application of [uuid('appl', 9), 'none', '\0', { id: 1 }]) {
      const items = [confirmation({ ...late, application })];
      const { value } = await judged({ items }, true);
      const request = { client: CLIENT, correlationId: 'trace', idempotencyKey: KEY, replayOnly: true };
      expect(await recordBatch(memory.backbone, request, value!)).toEqual([{ outcome: 'key-reused' }]);
    }
    expect(await send([confirmation({ ...late, application: uuid('appl', 9) })])).toEqual([{ outcome: 'key-reused' }]);
    expect(kept).toEqual([]);
    await send([confirmation(late)], 'another-key');
    expect(new Set(kept)).toEqual(new Set(['c-18', { kind: 'application', id: ids.application }]));
  });

  it('has the key of a check for itself', async () => {
    const { value } = await judgeCheck(memory.backbone, confirmation(), { client: CLIENT, key: KEY });
    const request = { client: CLIENT, correlationId: 'trace', idempotencyKey: KEY };
    expect(await recordCheck(memory.backbone, request, value!)).toMatchObject({ outcome: 'accepted', replayed: false });
    expect(await send([confirmation()])).toMatchObject([{ outcome: 'accepted', replayed: false }]);
  });
});

describe('the faults of a batch', () => {
  const NOBODY = uuid('person', 9);

  it('come all at once, of form, of what is named and of moments, each with the place of its check', async () => {
    const before = await head();
    const found = await faultsOf({
      items: [
        withoutAnswer(confirmation()),
        confirmation(),
        confirmation({ about: { person: NOBODY }, performedAt: '2026-03-03T11:00:00Z' }),
        { type: 'guess' },
        null,
      ],
      more: 1,
    });
    expect(found).toEqual([
      '/more unknown-member',
      '/items/0/confirmed required',
      '/items/2/about/person unknown-person',
      '/items/2/performedAt instant-in-future',
      '/items/3/type invalid-value',
      // What every check has is asked of one of no kind as well.
      ...['application', 'about', 'performedAt', 'performedBy', 'source'].map((name) => `/items/3/${name} required`),
      expect.stringMatching(/^\/items\/4 /),
    ]);
    expect(await head()).toBe(before);
  });

  it.each<[string, unknown, readonly string[]]>([
    ['nothing', undefined, [' required']],
    ['a list', [], [' wrong-type']],
    ['no list', {}, ['/items required']],
    ['something else', { items: {} }, ['/items wrong-type']],
    ['an empty list', { items: [] }, ['/items invalid-value']],
    ['fifty-one', { items: Array.from({ length: 51 }, () => ({})) }, ['/items invalid-value']],
  ])('are its own where it holds %s', async (_what, body, faults) => {
    expect(await faultsOf(body)).toEqual(faults);
    expect((await judged(body, true)).faults.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(faults);
  });

  it('are told of a body with more of them than are told, which has no list at all', async () => {
    const members = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`m${index}`, 1]));
    for (const replayed of [false, true]) {
      const { faults } = await judged(members, replayed);
      expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['unknown-member']));
    }
  });

  it('are looked for no further than they are told', async () => {
    const loads: unknown[] = [];
    const { commands } = memory.backbone;
    const load = commands.load.bind(commands);
    (commands as { load: unknown }).load = (...parts: Parameters<typeof load>) => (loads.push(parts), load(...parts));
    const wrong = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`m${index}`, 1]));
    expect(
      (await judged({ items: Array.from({ length: 50 }, () => confirmation(wrong)) })).faults.length,
    ).toBeGreaterThan(100);
    expect(loads).toEqual([]);
  });
});

describe('a batch that was interrupted', () => {
  it('is completed by the same request, under the ids it would have had', async () => {
    failing(3);
    await expect(send(several(5))).rejects.toThrow(StoreUnavailable);
    const before = await head();
    const outcomes = await send(several(5));
    expect(idsOf(outcomes)).toEqual(own(5));
    expect(outcomes.map((one) => (one as { readonly replayed: boolean }).replayed)).toEqual([
      ...[true, true],
      ...[false, false, false],
    ]);
    expect((await memory.stores.feed.read(before)).items).toHaveLength(3);
  });

  it('is completed by it later as well: it was judged when it began, and says how late it is', async () => {
    failing(2);
    await expect(send(several(2))).rejects.toThrow(StoreUnavailable);
    clock.set(later(clock.now(), 40 * DAY));
    // Under a key of its own it would lack a reason by now.
    const fresh = { client: CLIENT, key: 'another-key' };
    expect((await judgeBatch(memory.backbone, { items: several(1) }, fresh)).faults).toMatchObject([
      { pointer: '/items/0/performedAt', code: 'late-entry-reason-missing' },
    ]);
    expect(await send(several(2))).toMatchObject([
      { replayed: true, state: { late: false } },
      { replayed: false, state: { late: true } },
    ]);
  });

  it('is not completed by another', async () => {
    failing(2);
    await expect(send(several(3))).rejects.toThrow(StoreUnavailable);
    const before = await head();
    expect(await send([...several(2), report()])).toEqual([{ outcome: 'key-reused' }]);
    const unknown = confirmation({ application: uuid('appl', 9) });
    expect(await send([confirmation(), unknown])).toEqual([{ outcome: 'key-reused' }]);
    expect(await head()).toBe(before);
  });

  it('before its first check is judged afresh', async () => {
    failing(1);
    await expect(send(several(2))).rejects.toThrow(StoreUnavailable);
    expect(idsOf(await send([report()]))).toEqual(own(1));
  });
});

describe('a batch that comes again and has faults by now', () => {
  /** Of an earlier contract, which knew other members. */
  const performedAt = '2026-03-02T11:00:00.000Z';
  const earlier = [confirmation({ channel: 'mail', performedAt }), confirmation({ performedAt })];
  const answered = async (body: object) => {
    const { value } = await judged(body, true);
    const request = { client: CLIENT, correlationId: 'trace', idempotencyKey: KEY, replayOnly: true };
    return recordBatch(memory.backbone, request, value!);
  };

  it('is compared with what was sent then, and nothing is recorded', async () => {
    expect(await faultsOf({ items: earlier })).toEqual(['/items/0/channel unknown-member']);
    const begun = {
      items: earlier.map((check) => ({ check: check as never })),
      besides: { dossier: 'd-1' },
      begun: true,
    };
    const onRecord = {
      application: { status: 'received', receivedAt: assessedAt.replace('2026-03-02', '2026-03-01') } as never,
    };
    const request = { client: CLIENT, correlationId: 'trace', idempotencyKey: KEY };
    const items = begun.items.map((one) => ({ ...one, onRecord }));
    expect(await recordBatch(memory.backbone, request, { ...begun, items })).toMatchObject([{ replayed: false }, {}]);

    expect(await answered({ items: earlier, dossier: 'd-1' })).toMatchObject([{ replayed: true }, { replayed: true }]);
    const others = [
      { items: earlier },
      { items: earlier, dossier: 'd-2' },
      { items: [...earlier].reverse(), dossier: 'd-1' },
    ];
    for (const other of others) expect(await answered(other)).toEqual([{ outcome: 'key-reused' }]);
  });
});

describe('an application', () => {
  const fill = (length: number) =>
    recordChecks(
      memory,
      Array.from({ length }, () =>
        checkOf({ type: 'emailConfirmation', about: { person: ids.director }, confirmed: true }),
      ),
    );
  const refused = (...items: readonly number[]) => [
    {
      outcome: 'rejected',
      rejections: items.map((index) => ({
        ...{ code: 'application-full', kind: 'conflict', pointer: `/items/${index}` },
        facts: { most: MAX_CHECKS },
      })),
    },
  ];

  it('takes a batch that it has room for, and none of one that goes beyond; what stands against it has room', async () => {
    await fill(MAX_CHECKS - 2);
    const before = await head();
    expect(await send(several(4))).toEqual(refused(2, 3));
    expect(await head()).toBe(before);
    // The key of what was refused is free.
    expect(await send([confirmation(), report(), confirmation()])).toEqual(refused(2));
    expect(idsOf(await send([confirmation(), confirmation(), report()]))).toEqual(own(3));
  });

  it('that others fill meanwhile holds no more than it may: what it has room for stands, and the answer says where it ends', async () => {
    await fill(MAX_CHECKS - 3);
    const { events } = memory.stores;
    const append = events.append.bind(events);
    events.append = async (...parts) => {
      events.append = append;
      const appended = await append(...parts);
      await fill(1);
      return appended;
    };
    const outcomes = await send(several(3));
    expect([...idsOf(outcomes).slice(0, 2), outcomes[2]]).toEqual([...own(2), ...refused(2)]);
    await memory.backbone.readModels.upToDate(applicationsProjection);
    const row = await memory.backbone.readModels.store.find(applicationsProjection, ids.application);
    expect(row!.checks).toBe(MAX_CHECKS);
    expect(await send(several(3))).toMatchObject([{ replayed: true }, { replayed: true }, refused(2)[0]!]);
  });

  it('is filled once by twins, though there is room for one of them only', async () => {
    await fill(MAX_CHECKS - 3);
    const [one, other] = await Promise.all([send(several(3)), send(several(3))]);
    expect([idsOf(one), idsOf(other)]).toEqual([own(3), own(3)]);
    const { state } = await memory.backbone.commands.load(checkDecider, streamId('check', own(3)[2]!));
    expect(state.status).toBe('recorded');
  });
});

describe('words of a clerk in a batch', () => {
  it('are compared under the key of their application, so that nothing of them is left once it is gone', async () => {
    const worded = (reason: string) => confirmation({ lateEntryReason: reason });
    await send([confirmation(), worded('Came by post')]);
    const hashes = await Promise.all(own(2).map((id) => memory.backbone.commands.requestHashes(streamId('check', id))));
    expect(hashes.flat().map((hash) => hash.includes(`application.${ids.application}`))).toEqual([false, true]);
    expect(await send([confirmation(), worded('Came by mail')])).toEqual([{ outcome: 'key-reused' }]);
    memory.vault.destroyKey({ kind: 'application', id: ids.application });
    await expect(send([confirmation(), worded('Came by post')])).rejects.toThrow();
  });
});
