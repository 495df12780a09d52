import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  epochOf,
  INSTALLATION_STREAM,
  instantFromEpoch,
  later,
  streamId,
  type ContactId,
  type Instant,
  type KeyHolder,
  type PersonId,
} from '#libs/kernel';
import {
  commandHandler,
  KeyDestroyed,
  openMember,
  startProcessManager,
  StoreUnavailable,
  type CommandContext,
  type Follower,
  type KeptItem,
  type Performed,
} from '#libs/eventing';
import { memoryStores } from '#libs/adapters/memory';
import {
  destroyedObjectsProjection,
  findApplication,
  findCheck,
  legalHoldsProjection,
  retentionProjection,
  rightsRequestsProjection,
  settlePerson,
  type Backbone,
  type KeptName,
} from '#libs/application';
import { destructionDecider, installationDecider, personDecider, type RecordsDestroyed } from '#libs/domain';
import { retainedUntil } from '#libs/scheme';
import { memoryBackbone, paperRegistration, until, uuid, type MemoryBackbone } from '#libs/testing';
import { logSignatures } from '../log/log-signatures.js';
import { startSequencer } from '../log/sequencer.js';
import { destroyBatch, destructions, EntryDropped, LedgerRefused, replayLedger } from './destroy.js';
import { destructionsProjection } from './destructions.projection.js';
import { registerClock, type RegisterClock } from './register-clock.js';
import { setLegalHold } from '../legal-holds/legal-holds.handler.js';
import { retentionReviews, retentionScheduling, RETENTION_REVIEW } from './review-retention.js';

const { ids, recordPaperRegistration, authorizationFacts, meansFacts } = paperRegistration;
const DAY = 86_400_000;
const recordedAt = Date.parse('2026-03-02T16:00:00Z');
const seven = (moment: Instant): Instant => instantFromEpoch(retainedUntil(epochOf(moment)));

/** What an archive does of itself, on stores in memory and a clock that is moved. */
describe('what is kept', () => {
  let memory: MemoryBackbone;
  let backbone: Backbone;
  let clock: number;
  let checks: readonly string[];
  const running: Follower[] = [];
  const told: string[] = [];

  const archive = async (): Promise<void> => {
    const { checkpoints, feed, serializer, identity, log, records, leases } = backbone;
    const signatures = logSignatures(log.origin, log.keys, () => clock);
    running.push(
      await startSequencer({
        ...{ table: log.table, checkpoints, feed, records, identity, files: log.files, signatures, leases },
        holder: 'test',
      }),
      ...[retentionScheduling(backbone), destructions(backbone)].map((manager) =>
        startProcessManager(manager, { checkpoints, feed, serializer, identity }),
      ),
    );
  };
  const sequenced = (): Promise<void> =>
    until('the log has everything', async () => {
      const { items } = await backbone.feed.read(-1n, 1_000);
      return (await backbone.log.table.indexesOf(items.map(({ id }) => id as string))).length >= items.length;
    });
  beforeEach(async () => {
    clock = recordedAt;
    told.length = 0;
    memory = await memoryBackbone(() => clock, {
      readModels: [
        ...[retentionProjection, legalHoldsProjection, destructionsProjection, rightsRequestsProjection],
        destroyedObjectsProjection,
      ] as never,
    });
    backbone = memory.backbone;
    checks = await recordPaperRegistration(memory);
    await archive();
    await sequenced();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((follower) => follower.stop()));
    await memory.close();
  });

  /** The clock of the register; the process's goes with it unless a test says otherwise. */
  const clockOf = (of: Backbone): RegisterClock => registerClock(of);
  const look = (name: KeptName, of: Backbone = backbone): Promise<Performed> =>
    retentionReviews(of, clockOf(of), (outcome) => told.push(outcome)).perform(
      { id: name } as KeptItem,
      new AbortController().signal,
    );
  const facts = async (): Promise<readonly RecordsDestroyed['data'][]> => {
    const { items } = await backbone.feed.read(-1n, 1_000);
    return items
      .filter(({ type }) => type === 'RecordsDestroyed')
      .map((item) => backbone.serializer.read(item).data as RecordsDestroyed['data']);
  };
  const recordsOf = async (stream: string): Promise<number> => {
    const kept = await backbone.log.table.kept(0, 256);
    return kept.filter(({ record }) => record.includes(`"stream":"${stream}"`)).length;
  };
  const familyName = async (person: string): Promise<string> => {
    const { history } = await backbone.everything.load(personDecider, streamId('person', person));
    const { familyName: sealed } = history[0]!.data as { readonly familyName: never };
    return openMember<string>(backbone.sealer, history[0]!, 'familyName', sealed);
  };
  const nothingOpens = (): Promise<void> =>
    until('nothing of him opens', () =>
      familyName(ids.director).then(
        () => false,
        (error: unknown) => error instanceof KeyDestroyed,
      ),
    );
  const intake = `application/${ids.application}` as const;

  it('is looked at for the first time when seven years are over, each object that stands by itself once (ARCH-10)', async () => {
    const expected = [intake, `party/${ids.company}`, `party/${ids.otherCompany}`, `person/${ids.director}`];
    await until('the looks are planned', async () => {
      const found = await Promise.all(
        [...expected, `person/${ids.employee}`].map((id) => backbone.dueWork.find({ kind: RETENTION_REVIEW, id })),
      );
      return found.every((item) => item !== undefined);
    });
    for (const id of expected) {
      const item = await backbone.dueWork.find({ kind: RETENTION_REVIEW, id });
      expect([id, item?.dueAt]).toEqual([id, seven(instantFromEpoch(recordedAt))]);
    }
  });

  it('is answered as what does not exist when it is destroyed, and no command is taken on it (ARCH-11)', async () => {
    clock = epochOf(seven(instantFromEpoch(recordedAt))) + 7 * 366 * DAY;
    for (const name of [intake, `party/${ids.company}`, `person/${ids.director}`] as const) await look(name);
    await until('they are destroyed', async () => (await facts()).length > 0);
    const gone = (await facts()).flatMap(({ objects }) => objects);
    expect(gone.map(({ kind }) => kind)).toContain('application');
    expect(await findApplication(backbone, ids.application, '/application')).toMatchObject({
      fault: { code: 'unknown-application', pointer: '/application' },
    });
    const check = gone.find(({ kind }) => kind === 'check')!;
    expect(await findCheck(backbone, check.id, '/check')).toMatchObject({ fault: { code: 'unknown-check' } });
  });

  it('stays until then, and is looked at again when it can be over', async () => {
    clock = epochOf(seven(instantFromEpoch(recordedAt))) - 1;
    expect(await look(intake)).toEqual({ is: 'again', at: instantFromEpoch(clock + 1), reason: 'kept' });
    expect(await facts()).toEqual([]);
    expect(await familyName(ids.director)).toBe('Jansen');
  });

  it('stays and is told of once a day where nothing is destroyed', async () => {
    clock = epochOf(seven(instantFromEpoch(recordedAt)));
    const { retention } = backbone;
    backbone = { ...backbone, retention: { ...retention, destroys: false } };
    const tomorrow = instantFromEpoch(clock + DAY);
    expect(await look(intake)).toEqual({ is: 'again', at: tomorrow, reason: 'due' });
    expect(told).toEqual(['due']);
    expect(await facts()).toEqual([]);
    expect(await familyName(ids.director)).toBe('Jansen');
  });

  it('goes when nothing rests on it: keys, records and salts of whole streams, and the entries stay (ARCH-11)', async () => {
    clock = epochOf(seven(instantFromEpoch(recordedAt)));
    const before = await backbone.log.table.size();
    const entries = await backbone.log.table.entries(0, before);
    expect(await look(intake)).toMatchObject({ is: 'again', reason: 'destroyed' });
    const [batch] = await facts();
    expect(batch).toMatchObject({ reason: 'retentionOver', retentionYears: 7, destroyedAt: instantFromEpoch(clock) });
    expect(batch!.objects.map(({ kind, id }) => `${kind}/${id}`).sort()).toEqual(
      [intake, ...checks.map((id) => `check/${id}`)].sort(),
    );
    await until('the records are gone', async () => (await recordsOf(`application-${ids.application}`)) === 0);
    for (const check of checks) expect(await recordsOf(`check-${check}`)).toBe(0);
    expect(await recordsOf(`person-${ids.director}`)).toBe(2);
    expect(await backbone.log.table.entries(0, before)).toEqual(entries);
    // The checks are gone, and with them what kept the persons and documents.
    expect(await look(`person/${ids.director}`)).toMatchObject({ reason: 'destroyed' });
    await nothingOpens();
    await until('it is not known any more', async () => (await look(`person/${ids.director}`)).is === 'done');
    expect(await familyName(ids.employee)).toBe('Jansen');
  });

  it('takes away what people are found by', async () => {
    await settlePerson(backbone, ids.director as PersonId);
    await settlePerson(backbone, ids.employee as PersonId);
    const hashes = await backbone.secrets.lookupHashes('person-identifier', 'x');
    expect(await backbone.secrets.reservations.holders(hashes, 10)).toEqual([]);
    clock = epochOf(seven(instantFromEpoch(recordedAt)));
    for (const name of [intake, `person/${ids.director}`] as const) {
      await look(name);
      await until('it is not known any more', async () => (await look(name)).is === 'done');
    }
    await nothingOpens();
    // He is nobody's double any more, whoever comes with the same attributes.
    const twin = uuid('person', 9);
    await memory.record('person', twin, ...paperRegistration.personFacts(twin));
    await settlePerson(backbone, twin as PersonId);
    const { state } = await backbone.commands.load(personDecider, streamId('person', twin));
    expect(state).toMatchObject({ status: 'registered' });
    expect([...(state as unknown as { duplicates: Map<string, unknown> }).duplicates.keys()]).not.toContain(
      ids.director,
    );
  });

  it('waits for the end of what rests on it, over however many steps', async () => {
    await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'active'));
    await memory.record(
      ...(['authorization', ids.authorization] as const),
      ...authorizationFacts(ids.authorization, { checks: [checks[0]], validUntil: '2031-01-01T00:00:00.000Z' }),
    );
    await sequenced();
    clock = epochOf(seven(instantFromEpoch(recordedAt)));
    // The one check is rested on, the others are not; the intake and the persons are kept with it.
    expect(await look(intake)).toMatchObject({ reason: 'destroyed' });
    const [batch] = await facts();
    expect(batch!.objects).toHaveLength(checks.length - 1);
    expect(batch!.objects.map(({ id }) => id)).not.toContain(checks[0]);
    expect(await look(`party/${ids.company}`)).toMatchObject({ reason: 'kept' });
    clock = epochOf(seven('2031-01-01T00:00:00.000Z' as Instant)) + DAY;
    // A document that no check names any more has a time of its own.
    expect(await look(`person/${ids.employee}`)).toMatchObject({ reason: 'destroyed' });
    expect((await facts()).at(-1)).toMatchObject({
      objects: [{ kind: 'document', person: ids.employee }],
      indexes: [],
    });
    // A means stands: nobody knows when it ends, and it can't be over before seven years from now.
    expect(await look(`person/${ids.employee}`)).toEqual({
      ...{ is: 'again', reason: 'kept', at: seven(instantFromEpoch(clock)) },
    });
    // Who was authorized with it rests on it until his own end only.
    expect(await look(`authorization/${ids.authorization}`)).toMatchObject({ reason: 'destroyed' });
  });

  it('outlasts its time under a legal hold, and goes when that is lifted', async () => {
    const legalHold = uuid('hold');
    const on = { kind: 'person', id: ids.director };
    await memory.record('legalHold', legalHold, {
      type: 'LegalHoldPlaced',
      data: { legalHold, on, reason: { clear: 'zaak' }, setAt: instantFromEpoch(clock) },
    } as never);
    await sequenced();
    clock = epochOf(seven(instantFromEpoch(recordedAt)));
    expect(await look(`person/${ids.director}`)).toEqual({
      ...{ is: 'again', reason: 'held', at: later(instantFromEpoch(clock), DAY) },
    });
    expect(await look(intake)).toMatchObject({ reason: 'destroyed' });
    // What is about others only went; what is about him is held with him.
    const gone = (await facts()).flatMap(({ objects }) => objects.map(({ id }) => id));
    expect(gone).not.toContain(ids.application);
    expect(gone.length).toBeGreaterThan(0);
    expect(gone.length).toBeLessThan(checks.length);
    await memory.record('legalHold', legalHold, {
      type: 'LegalHoldLifted',
      data: { legalHold, reason: { clear: 'voorbij' }, liftedAt: instantFromEpoch(clock) },
    } as never);
    await until('the intake is gone', async () => (await look(intake)).is === 'done');
    expect(told).toContain('held');
  });

  it('stays for a month after a backup was restored, so that holds that it did not have are set again (ARCH-10)', async () => {
    clock = epochOf(seven(instantFromEpoch(recordedAt)));
    const context = (key: string): CommandContext => ({
      ...{ participant: backbone.participant.oin, client: 'test', key, requestHash: key, correlationId: key },
      actor: { system: 'test' },
    });
    const { store } = backbone.identity;
    const { oin } = backbone.participant;
    for (const command of [
      { type: 'InitializeStore', store, oin },
      { type: 'AdoptRestoredStore', epoch: 2, oldMark: '9', newHead: '5', reason: 'Disk failure' },
    ]) {
      const asked = { ...command, now: instantFromEpoch(clock) } as never;
      await backbone.commands.execute(installationDecider, INSTALLATION_STREAM, () => asked, context(command.type));
    }
    expect(await look(intake)).toMatchObject({ is: 'again', reason: 'paused' });
    clock += 30 * DAY - 60_000;
    expect(await look(intake)).toMatchObject({ is: 'again', reason: 'paused' });
    expect([await facts(), told]).toEqual([[], ['paused', 'paused']]);
    clock += 120_000;
    await sequenced();
    expect(await look(intake)).toMatchObject({ is: 'again', reason: 'destroyed' });
  });

  it('waits where the log does not have all of it: a stream is never destroyed in part', async () => {
    await Promise.all(running.splice(0).map((follower) => follower.stop()));
    clock = epochOf(seven(instantFromEpoch(recordedAt)));
    const check = uuid('check', 900);
    await memory.record('check', check, {
      type: 'CheckRecorded',
      data: { check, facts: paperRegistration.checksOfTheCase[0], late: false },
    } as never);
    const never = (): Promise<never> => Promise.reject(new Error('it was looked at'));
    expect(await destroyBatch(backbone, [{ kind: 'check', id: check }], never)).toBe('waits');
    expect(await look(intake)).toMatchObject({ reason: 'waits' });
    expect(await facts()).toEqual([]);
    expect(await familyName(ids.director)).toBe('Jansen');
  });

  describe('in the hands of several at once', () => {
    const due = (): void => {
      clock = epochOf(seven(instantFromEpoch(recordedAt)));
    };
    const hold = (on: { readonly kind: 'application' | 'person'; readonly id: string }, key = 'hold') =>
      setLegalHold(
        backbone,
        { client: 'governance', subject: 'clerk', correlationId: 'test', idempotencyKey: key },
        { on, reason: 'zaak C/16/1234' },
      );
    const onIntake = { kind: 'application', id: ids.application } as const;
    const decidedOn = async (): Promise<number> => {
      let count = 0;
      for await (const { entry } of (await backbone.retention.ledger()).after(0))
        if (entry.is === 'decided') count += 1;
      return count;
    };
    /** Lets something happen when the ledger is asked for: behind the second look, before the fact. */
    const beforeTheLedger = (happens: () => Promise<unknown>): Backbone => ({
      ...backbone,
      retention: {
        ...backbone.retention,
        async ledger() {
          await happens();
          return backbone.retention.ledger();
        },
      },
    });

    it('a hold that is set while it is looked at wins, whatever the look had seen', async () => {
      due();
      let outcome: unknown;
      const interrupted = beforeTheLedger(async () => {
        outcome ??= await hold(onIntake);
      });
      expect(await look(intake, interrupted)).toMatchObject({ reason: 'held' });
      expect(outcome).toMatchObject({ outcome: 'accepted', state: { status: 'standing' } });
      expect(await facts()).toEqual([]);
      expect(await familyName(ids.director)).toBe('Jansen');
      expect(await look(intake)).toMatchObject({ reason: 'held' });
      expect(await facts()).toEqual([]);
    });

    it('a fact that the store lost since it was read is none: the ledger is told nothing, and nothing is destroyed', async () => {
      due();
      await look(intake);
      await until('the intake is gone', async () => (await look(intake)).is === 'done');
      const { items } = await backbone.feed.read(-1n, 1_000);
      const fact = backbone.serializer.read(items.find(({ type }) => type === 'RecordsDestroyed')!);
      const other = await memoryBackbone(() => clock, { readModels: [legalHoldsProjection] as never });
      try {
        await recordPaperRegistration(other);
        const ledger = await backbone.retention.ledger();
        const entries = async (): Promise<number> => {
          let count = 0;
          for await (const _ of ledger.after(0)) count += 1;
          return count;
        };
        const before = await entries();
        const destroyed: unknown[] = [];
        const { secrets } = other.backbone;
        const destroy = async (holder: KeyHolder): Promise<void> => void destroyed.push(holder);
        const wentBack: Backbone = {
          ...other.backbone,
          retention: backbone.retention,
          secrets: { ...secrets, destroy },
        };
        await expect(destructions(wentBack).react(fact)).rejects.toBeInstanceOf(StoreUnavailable);
        expect([await entries(), destroyed]).toEqual([before, []]);
      } finally {
        await other.close();
      }
    });

    it('what somebody needs since the process was stopped is not destroyed (ARCH-10)', async () => {
      due();
      await look(intake);
      await until('the intake is gone', async () => (await look(intake)).is === 'done');
      let happened = false;
      const stopped = beforeTheLedger(async () => {
        if (happened) return;
        happened = true;
        await memory.record('means', ids.means, ...meansFacts(ids.means, ids.director, 'active'));
        await sequenced();
      });
      await look(`person/${ids.director}`, stopped);
      expect(happened).toBe(true);
      expect((await facts()).some(({ objects }) => objects.some(({ id }) => id === ids.director))).toBe(false);
      expect(await familyName(ids.director)).toBe('Jansen');
    });

    it('a hold that comes behind the decision is refused, also when it had seen its object before', async () => {
      due();
      // As if it were set between the look at what is there and the fact of the hold.
      const { execute } = backbone.commands;
      let isFirst = true;
      const { commands } = backbone;
      backbone = {
        ...backbone,
        commands: {
          ...commands,
          async execute(...asked: Parameters<typeof execute>) {
            if (isFirst && asked[1].startsWith('legalHold-')) {
              isFirst = false;
              expect(await look(intake)).toMatchObject({ reason: 'destroyed' });
            }
            return execute(...asked);
          },
        } as typeof commands,
      };
      const outcome = await hold(onIntake);
      expect(outcome).toMatchObject({ outcome: 'rejected', rejections: [{ code: 'nothing-to-hold' }] });
      expect(await facts()).toHaveLength(1);
      expect(await hold(onIntake, 'another')).toMatchObject({ outcome: 'rejected' });
    });

    it('of two that find the same due, one destroys it', async () => {
      due();
      const outcomes = await Promise.all([look(intake), look(intake, { ...backbone, holder: 'other' })]);
      expect(await facts()).toHaveLength(1);
      expect(outcomes.filter(({ is }) => is === 'again')).toHaveLength(2);
    });

    it('an entry of the ledger whose process was killed before the fact destroys nothing, and is told', async () => {
      due();
      const killed: Backbone = {
        ...backbone,
        checkpoints: {
          ...backbone.checkpoints,
          read: (name) =>
            name === 'destruction-ledger' ? Promise.reject(new Error('killed')) : backbone.checkpoints.read(name),
          move: (...moved) => backbone.checkpoints.move(...moved),
        },
      };
      await expect(look(intake, killed)).rejects.toThrow('killed');
      expect(await decidedOn()).toBe(1);
      const troubles: unknown[] = [];
      expect(await replayLedger({ ...backbone, onTrouble: (_name, error) => troubles.push(error) })).toBe(0);
      expect(troubles).toEqual([expect.any(EntryDropped)]);
      expect(await facts()).toEqual([]);
      expect(await familyName(ids.director)).toBe('Jansen');
      // Under a hold it stays; without one it is judged anew.
      expect(await look(intake)).toMatchObject({ reason: 'destroyed' });
      expect(await decidedOn()).toBe(2);
      expect(await facts()).toHaveLength(1);
    });

    it('nothing goes by the clock of a process that is years ahead (ARCH-10)', async () => {
      const ahead: Backbone = { ...backbone, now: () => instantFromEpoch(clock + 20 * 366 * DAY) };
      expect(await look(intake, ahead)).toMatchObject({ reason: 'kept', at: seven(instantFromEpoch(recordedAt)) });
      expect(await facts()).toEqual([]);
      expect(await decidedOn()).toBe(0);
    });

    it('records that have the indexes now of what was destroyed stay', async () => {
      due();
      await look(intake);
      await until('it is carried out', async () => (await look(intake)).is === 'done');
      const [batch] = await facts();
      const others = (await backbone.log.table.kept(0, 256)).map(({ index }) => index);
      const table = backbone.log.table;
      const ledger = await backbone.retention.ledger();
      const destroyed: number[] = [];
      // As in a log that began anew: the same indexes are of other records.
      const anew: Backbone = {
        ...backbone,
        identity: { ...backbone.identity, epoch: 2 },
        log: {
          ...backbone.log,
          table: {
            indexesOf: async (asked: readonly string[]) =>
              (await table.indexesOf(asked)).map((given) => ({ ...given, index: given.index + 1_000, kept: true })),
            destroy: async (indexes: readonly number[]) => void destroyed.push(...indexes),
          } as unknown as typeof table,
        },
      };
      expect(batch!.indexes.length).toBeGreaterThan(0);
      expect(await replayLedger(anew)).toBe(1);
      expect(destroyed).toEqual([]);
      expect((await table.kept(0, 256)).map(({ index }) => index)).toEqual(others);
      expect((await ledger.at(1))?.entry).toMatchObject({ is: 'decided', epoch: 1 });
    });

    it('a ledger that is older than the register knows of it ends the start, and says what to do', async () => {
      due();
      await look(intake);
      await until('it is carried out', async () => (await look(intake)).is === 'done');
      const lost = memoryStores({ clock: () => clock, positions: 'sparse' }).destructions;
      const without: Backbone = { ...backbone, retention: { ...backbone.retention, ledger: async () => lost } };
      await expect(replayLedger(without)).rejects.toThrow(LedgerRefused);
      await expect(replayLedger(without)).rejects.toThrow('Put back the newest copy of the folder of DESTRUCTIONS_DIR');
      await lost.add({ is: 'recorded', of: 1, fact: 'of another register' });
      await expect(replayLedger(without)).rejects.toThrow(LedgerRefused);
    });

    it('says that all is gone when it is, where somebody was reached among it, and takes the reason of a lifted hold along (ARCH-11)', async () => {
      expect(await hold({ kind: 'person', id: ids.director })).toMatchObject({ outcome: 'accepted' });
      const { items } = await backbone.feed.read(-1n, 1_000);
      const placed = items.find(({ type }) => type === 'LegalHoldPlaced')!;
      const reason = () => {
        const event = backbone.serializer.read(placed);
        return openMember<string>(backbone.sealer, event, 'reason', (event.data as { readonly reason: never }).reason);
      };
      const { legalHold } = backbone.serializer.read(placed).data as { readonly legalHold: string };
      await memory.record('legalHold', legalHold, {
        type: 'LegalHoldLifted',
        data: { legalHold, reason: { clear: 'voorbij' }, liftedAt: instantFromEpoch(clock) },
      } as never);
      await sequenced();
      expect(await reason()).toBe('zaak C/16/1234');
      const contact = uuid('contact', 9) as ContactId;
      await memory.record('person', ids.director, {
        type: 'PersonContactRecorded',
        data: {
          ...{ person: ids.director, contact, kind: 'email', suppliedBy: { submitter: true } },
          value: { clear: 'oud@example.org' },
        },
      } as never);
      await sequenced();
      const address = async () => {
        const { items: all } = await backbone.feed.read(-1n, 1_000);
        const event = backbone.serializer.read(all.find(({ type }) => type === 'PersonContactRecorded')!);
        return openMember<string>(backbone.sealer, event, 'value', (event.data as { readonly value: never }).value);
      };
      expect(await address()).toBe('oud@example.org');
      due();
      for (const name of [intake, `person/${ids.director}`] as const) {
        await look(name);
        await until('it is carried out', async () => (await look(name)).is === 'done');
      }
      const ofDirector = (await facts()).find(({ objects }) => objects.some(({ id }) => id === ids.director))!;
      await until('it says that all is gone', async () => {
        const stream = streamId('destruction', ofDirector.destruction);
        return (await backbone.commands.load(destructionDecider, stream)).state.status === 'destroyed';
      });
      await expect(reason()).rejects.toBeInstanceOf(KeyDestroyed);
      // Nor does anything open by which he was reached: no statement is given before.
      await expect(address()).rejects.toBeInstanceOf(KeyDestroyed);
    });
  });

  describe('after a backup was restored', () => {
    const destroyed = async (): Promise<void> => {
      clock = epochOf(seven(instantFromEpoch(recordedAt)));
      for (const name of [intake, `person/${ids.director}`] as const) {
        await look(name);
        await until('it is carried out', async () => (await look(name)).is === 'done');
      }
      await until('all of it is gone', async () => {
        const streams = (await facts()).map(({ destruction }) => streamId('destruction', destruction));
        const loaded = await backbone.commands.loadAll(destructionDecider, streams);
        return loaded.length === 2 && loaded.every(({ state }) => state.status === 'destroyed');
      });
    };

    it('of the register, everything is destroyed again before it is asked for anything, and stands on record again', async () => {
      const head = await backbone.feed.head();
      await destroyed();
      const then = await facts();
      expect(then).toHaveLength(2);
      await Promise.all(running.splice(0).map((follower) => follower.stop()));
      memory.stores.putBack({ events: head });
      const register = memory.stores.another();
      const ledger = await backbone.retention.ledger();
      const again: Backbone = {
        ...{
          ...backbone,
          feed: register.feed,
          retention: { years: 7, destroys: true, ledger: () => Promise.resolve(ledger) },
        },
        commands: commandHandler(
          { events: register.events, feed: register.feed, answeredKeys: register.answeredKeys },
          backbone.serializer,
        ),
      };
      expect(await replayLedger(again)).toBe(2);
      // What this register has had carried out already is not done again with each start.
      expect(await replayLedger(again)).toBe(0);
      const { items } = await register.feed.read(-1n, 1_000);
      const now = items
        .filter(({ type }) => type === 'RecordsDestroyed')
        .map((item) => backbone.serializer.read(item).data as RecordsDestroyed['data']);
      const byId = (all: readonly RecordsDestroyed['data'][]) =>
        [...all].sort((one, other) => (one.destruction < other.destruction ? -1 : 1));
      expect(byId(now)).toEqual(byId(then));
      const { state } = await again.commands.load(destructionDecider, streamId('destruction', then[0]!.destruction));
      expect(state.status).toBe('destroying');
    });

    it('of the key store, no key is left that was destroyed', async () => {
      await destroyed();
      await Promise.all(running.splice(0).map((follower) => follower.stop()));
      // As if the key store knew nothing of it: a key is there again.
      const keys = await memoryBackbone(() => clock, { readModels: [] });
      await keys.record('person', ids.director, ...paperRegistration.personFacts(ids.director));
      const again: Backbone = { ...backbone, secrets: keys.backbone.secrets };
      const { history } = await keys.backbone.commands.load(personDecider, streamId('person', ids.director));
      const open = (): Promise<string> =>
        openMember<string>(
          ...([keys.backbone.sealer, history[0]!, 'familyName'] as const),
          (history[0]!.data as { readonly familyName: never }).familyName,
        );
      expect(await open()).toBe('Jansen');
      await replayLedger(again);
      await expect(open()).rejects.toBeInstanceOf(KeyDestroyed);
      await keys.close();
    });
  });
});
