import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  canonicalJson,
  later,
  streamId,
  type ApplicationId,
  type CheckId,
  type DomainEvent,
  type EventId,
  type PersonId,
} from '#libs/kernel';
import { derivedId, StoreUnavailable } from '#libs/eventing';
import {
  foreseen,
  personOnRecord,
  RECOGNITION,
  recognition,
  searchHashes,
  settlePerson,
  type Backbone,
  type CommandRequest,
} from '#libs/application';
import { identifiersOf, MAX_DOCUMENTS, personDecider, recognizes, type Person } from '#libs/domain';
import { at, fixedClock, memoryBackbone, paperRegistration, type FixedClock, type MemoryBackbone } from '#libs/testing';
import { startProcessManager, type Follower } from '#libs/eventing';
import type { Vault } from '#libs/vault';
import { correctPerson, recordDocument, registerPerson } from './persons.handler.js';

const noon = at('2026-03-02T12:00:00Z');
const MINUTE = 60_000;

/** A key store that the test can open, and put back to what it was. */
export interface KeyStoreHarness {
  readonly vault: Vault;
  /** The rows and checkpoints as they are; `restore` brings them back. */
  backup(): Promise<{ restore(): Promise<void> }>;
  close(): Promise<void>;
}

class Crash extends Error {}

/** Where a process may die: before or after the n-th of these steps. */
interface Death {
  readonly step: 'reserve' | 'confirm' | 'append';
  readonly number: number;
  readonly when: 'before' | 'after';
}

/** The same backbone in a process that dies there: nothing that comes after is done. */
function dying(backbone: Backbone, death: Death): { readonly backbone: Backbone; readonly died: () => boolean } {
  const counts = { reserve: 0, confirm: 0, append: 0 };
  let dead = false;
  const mortal =
    <Args extends unknown[], Result>(step: Death['step'] | 'other', act: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (dead) throw new Crash('the process is dead');
      const isHere = step === death.step && (counts[step] += 1) === death.number;
      const die = (): never => {
        dead = true;
        throw new Crash(`died ${death.when} ${death.step} ${death.number}`);
      };
      if (isHere && death.when === 'before') die();
      const result = await act(...args);
      if (isHere) die();
      return result;
    };
  const { reservations } = backbone.secrets;
  return {
    died: () => dead,
    backbone: {
      ...backbone,
      commands: { ...backbone.commands, execute: mortal('append', backbone.commands.execute as never) as never },
      secrets: {
        requestHash: (body, holder) => backbone.secrets.requestHash(body, holder),
        lookupHashes: (purpose, value) => backbone.secrets.lookupHashes(purpose, value),
        pseudonym: (holder) => backbone.secrets.pseudonym(holder),
        clerkReference: (subject) => backbone.secrets.clerkReference(subject),
        destroy: (holder) => backbone.secrets.destroy(holder),
        checkpoints: backbone.secrets.checkpoints,
        reservations: {
          reserve: mortal('reserve', reservations.reserve),
          confirm: mortal('confirm', reservations.confirm),
          release: mortal('other', reservations.release),
          lapse: mortal('other', reservations.lapse),
          holders: mortal('other', reservations.holders),
        },
      },
    },
  };
}

const DEATHS: readonly Death[] = (['reserve', 'append', 'confirm'] as const).flatMap((step) =>
  (['before', 'after'] as const).map((when) => ({ step, when, number: 1 })),
);

/** What every key store must keep up, whatever dies when: a person on record is asked about once, and never of nobody. */
export function recognitionTests(name: string, open: () => Promise<KeyStoreHarness>): void {
  describe(`recognition of persons, with the key store ${name}`, () => {
    let clock: FixedClock;
    let memory: MemoryBackbone;
    let keys: KeyStoreHarness;
    let backbone: Backbone;
    let attributes: { familyName: string; birthDate: string };
    const followers: Follower[] = [];

    beforeEach(async () => {
      clock = fixedClock(noon);
      memory = await memoryBackbone(clock);
      keys = await open();
      backbone = { ...memory.backbone, secrets: keys.vault };
      attributes = { familyName: `Jansen ${randomUUID()}`, birthDate: '1985-04-12' };
    });
    afterEach(async () => {
      await Promise.all(followers.splice(0).map((follower) => follower.stop()));
      await keys.close();
      await memory.close();
    });

    const request = (key: string): CommandRequest => ({
      client: 'office',
      correlationId: 'test',
      idempotencyKey: `key-${key}`,
    });
    const idOf = (key: string): PersonId =>
      derivedId('person', backbone.participant.oin, 'office', `key-${key}`) as PersonId;
    const register = async (key: string, of: Backbone = backbone, more: object = {}): Promise<PersonId> => {
      const outcome = await registerPerson(of, request(key), { ...attributes, ...more });
      if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
      return idOf(key);
    };
    const stateOf = async (person: PersonId): Promise<Person> =>
      (await backbone.commands.load(personDecider, streamId('person', person))).state;
    const isOnRecord = async (person: PersonId): Promise<boolean> => (await stateOf(person)).status !== 'none';
    const duplicatesOf = async (person: PersonId): Promise<readonly PersonId[]> => {
      const state = await stateOf(person);
      return state.status === 'none' ? [] : [...state.duplicates.keys()];
    };
    /** Who is found by what everybody here is registered with. */
    const foundByAttributes = async (): Promise<readonly PersonId[]> => {
      const hashes = await searchHashes(backbone, identifiersOf({ ...attributes, documents: [] })[0]!);
      return (await keys.vault.reservations.holders(hashes, 100)).map(({ person }) => person);
    };
    const dead = async (act: Promise<unknown>): Promise<void> => void (await expect(act).rejects.toBeInstanceOf(Crash));

    /** The process catches up with everything that is recorded. */
    const caughtUp = async (): Promise<void> => {
      const { feed, serializer, identity } = backbone;
      const follower = startProcessManager(recognition(backbone), {
        checkpoints: keys.vault.checkpoints,
        feed,
        serializer,
        identity,
      });
      followers.push(follower);
      const head = await feed.head();
      expect(await follower.waitFor(head, 20_000)).toBe(true);
      await follower.stop();
    };

    /** Each pair on record that recognizes each other is asked about by exactly one of both; nobody about nobody. */
    const expectEachPairAskedOnce = async (...keyNames: readonly string[]): Promise<void> => {
      const people = keyNames.map(idOf);
      const existing: PersonId[] = [];
      for (const person of people) if (await isOnRecord(person)) existing.push(person);
      for (const person of existing) {
        for (const other of await duplicatesOf(person)) expect(await isOnRecord(other)).toBe(true);
      }
      for (const [i, one] of existing.entries()) {
        for (const other of existing.slice(i + 1)) {
          const [a, b] = [await personOnRecord(backbone, one), await personOnRecord(backbone, other)];
          const asks = [(await duplicatesOf(one)).includes(other), (await duplicatesOf(other)).includes(one)];
          expect(asks.filter(Boolean)).toHaveLength(recognizes(a!.identity, b!.identity) ? 1 : 0);
        }
      }
    };

    describe.each(DEATHS)('a registration that dies $when its $step', (death) => {
      const first = async (): Promise<void> => {
        const process = dying(backbone, death);
        await dead(register('first', process.backbone));
        expect(process.died()).toBe(true);
      };

      it('is made up for by its retry', async () => {
        await first();
        await register('first');
        await register('second');
        expect(await duplicatesOf(idOf('second'))).toEqual([idOf('first')]);
        await expectEachPairAskedOnce('first', 'second');
      });

      it('is met by a second person at once, and by its retry after that', async () => {
        await first();
        const came = await isOnRecord(idOf('first'));
        await register('second');
        expect(await duplicatesOf(idOf('second'))).toEqual(came ? [idOf('first')] : []);
        await register('first');
        await expectEachPairAskedOnce('first', 'second');
      });

      it('is met by a second person after ten minutes, and names nobody who never came', async () => {
        await first();
        const came = await isOnRecord(idOf('first'));
        clock.set(later(noon, 10 * MINUTE));
        await register('second');
        expect(await duplicatesOf(idOf('second'))).toEqual(came ? [idOf('first')] : []);
        await register('third');
        await expectEachPairAskedOnce('first', 'second', 'third');
        await register('first');
        await expectEachPairAskedOnce('first', 'second', 'third');
      });

      it('is made up for by the process that follows the feed', async () => {
        await first();
        const process = dying(backbone, { step: 'confirm', number: 1, when: 'before' });
        await dead(register('second', process.backbone));
        await caughtUp();
        await expectEachPairAskedOnce('first', 'second');
        await caughtUp();
        await expectEachPairAskedOnce('first', 'second');
      });
    });

    describe.each(DEATHS)('a second registration that dies $when its $step', (death) => {
      it('asks about the first, whoever makes up for it', async () => {
        await register('first');
        await dead(register('second', dying(backbone, death).backbone));
        await register('third');
        await expectEachPairAskedOnce('first', 'second', 'third');
        await register('second');
        await expectEachPairAskedOnce('first', 'second', 'third');
        expect(await duplicatesOf(idOf('first'))).toEqual([]);
      });
    });

    it('reserves nothing for a document beyond those that a person may have', async () => {
      const person = await register('first');
      const document = (nr: number) =>
        ({ documentType: 'passport', number: `${nr}${person}`, issuingState: 'NLD', expiresOn: '2031-01-01' }) as const;
      const add = (nr: number, of: Backbone = backbone) =>
        recordDocument(of, request(`document-${nr}`), person, document(nr));
      expect(await add(0)).toMatchObject({ outcome: 'accepted' });
      const more = Array.from({ length: MAX_DOCUMENTS - 2 }, (_, nr) => ({
        type: 'DocumentRecorded',
        data: {
          ...{ person, document: derivedId('document', String(nr)), documentType: 'passport' },
          ...{ number: { clear: `X${nr}` }, issuingState: { clear: 'NLD' }, expiresOn: { clear: '2031-01-01' } },
        },
      }));
      await memory.record('person', person, ...(more as never[]));
      expect(await add(1)).toMatchObject({ outcome: 'accepted', replayed: false });
      // Would die if it reserved.
      const process = dying(backbone, { step: 'reserve', number: 1, when: 'before' });
      expect(await add(2, process.backbone)).toMatchObject({
        outcome: 'rejected',
        rejections: [{ code: 'person-full' }],
      });
      expect(await add(1)).toMatchObject({ outcome: 'accepted', replayed: true });
    });

    it('has one question for each pair of many who come at once', async () => {
      const names = Array.from({ length: 8 }, (_, number) => `person-${number}`);
      await Promise.all(names.map((one) => register(one)));
      await expectEachPairAskedOnce(...names);
      await caughtUp();
      await expectEachPairAskedOnce(...names);
    });

    /** One stands between his reservation and his append while another comes; then he goes on, in `of`. */
    const overtaken = async (
      of: Backbone,
      slow: (of: Backbone) => Promise<unknown> = (mine) => register('slow', mine),
      quick: () => Promise<unknown> = () => register('quick'),
    ): Promise<void> => {
      let reached = (): void => undefined;
      let goOn = (): void => undefined;
      const atTheAppend = new Promise<void>((resolve) => (reached = resolve));
      const released = new Promise<void>((resolve) => (goOn = resolve));
      const { execute } = of.commands;
      const going = slow({
        ...of,
        commands: {
          ...of.commands,
          execute: (async (...args: Parameters<typeof execute>) => {
            reached();
            await released;
            return execute(...args);
          }) as typeof execute,
        },
      });
      await atTheAppend;
      // He is waited for, and not for ever.
      await quick();
      goOn();
      await going;
    };

    it('has a question also where one was overtaken between his reservation and his append', async () => {
      await overtaken(backbone);
      expect(await duplicatesOf(idOf('quick'))).toEqual([]);
      expect(await duplicatesOf(idOf('slow'))).toEqual([idOf('quick')]);
      await expectEachPairAskedOnce('slow', 'quick');
    });

    it.each<readonly [string, (of: Backbone) => Partial<Backbone>]>([
      [
        'the key store went away before its confirmation',
        ({ secrets }) => {
          const confirm = () => Promise.reject(new StoreUnavailable('the key store is away'));
          return { secrets: { ...keys.vault, reservations: { ...secrets.reservations, confirm } } };
        },
      ],
      [
        'others kept writing to its person',
        ({ commands }) => ({
          commands: {
            ...commands,
            execute: (async (...args: Parameters<typeof commands.execute>) =>
              'system' in args[3].actor ? { outcome: 'conflict' } : commands.execute(...args)) as never,
          },
        }),
      ],
    ])('is made up for by the process where %s: that is told, and its first answer stands', async (_what, failing) => {
      const told: string[] = [];
      const onTrouble = (name: string, error: unknown): void => void told.push(`${name}: ${(error as Error).name}`);
      await overtaken({ ...backbone, onTrouble, ...failing(backbone) });
      expect(told).toEqual([`${RECOGNITION}: StoreUnavailable`]);
      expect(await duplicatesOf(idOf('slow'))).toEqual([]);
      await caughtUp();
      await expectEachPairAskedOnce('slow', 'quick');
    });

    it('names in the first answer one who reserved before and comes to be while he is waited for', async () => {
      const slow = dying(backbone, { step: 'append', number: 1, when: 'before' });
      await dead(register('slow', slow.backbone));
      const { reservations } = backbone.secrets;
      let looks = 0;
      const waiting: Backbone = {
        ...backbone,
        secrets: {
          ...keys.vault,
          reservations: {
            ...reservations,
            async reserve(...step) {
              // At the first look he is a stranger and looked after; from the second on there is nothing to do but wait.
              if ((looks += 1) === 3) await register('slow');
              return reservations.reserve(...step);
            },
          },
        },
      };
      await register('quick', waiting);
      const { history } = await backbone.commands.load(personDecider, streamId('person', idOf('quick')));
      expect(history.map(({ type }) => type)).toEqual(['PersonRegistered']);
      expect(await duplicatesOf(idOf('quick'))).toEqual([idOf('slow')]);
    });

    it('has no row of one who never came to be once ten minutes are over, and not a moment earlier', async () => {
      const identity = { ...attributes, documents: [] };
      const own = await searchHashes(backbone, identifiersOf(identity)[0]!);
      const waitedFor = async (): Promise<readonly PersonId[]> => {
        expect(await foreseen(backbone, idOf('second'), identity, { patience: 0 })).toEqual([]);
        const holdings = await keys.vault.reservations.reserve(idOf('third'), [{ own, sought: own }], clock.now());
        return holdings.map(({ person }) => person);
      };
      await foreseen(backbone, idOf('ghost'), identity);
      expect(await waitedFor()).toEqual([idOf('ghost'), idOf('second')]);
      clock.set(later(noon, 10 * MINUTE - 1));
      expect(await waitedFor()).toEqual([idOf('ghost'), idOf('second')]);
      clock.set(later(noon, 10 * MINUTE));
      expect(await waitedFor()).toEqual([idOf('second')]);
    });

    it('finds that a confirmed row is of nobody on record, as after a restored register, and lets it go', async () => {
      await register('first');
      const restored = await memoryBackbone(clock, { readModels: [] });
      const after = { ...restored.backbone, secrets: keys.vault, identity: { ...backbone.identity, epoch: 2 } };
      await register('second', after);
      const { state } = await after.commands.load(personDecider, streamId('person', idOf('second')));
      expect(state).toMatchObject({ duplicate: { status: 'none' }, duplicates: new Map() });
      expect(await foundByAttributes()).toEqual([idOf('second')]);
      // He is still one with whom the next is compared.
      await register('third', after);
      const third = await after.commands.load(personDecider, streamId('person', idOf('third')));
      expect(third.state).toMatchObject({ duplicate: { status: 'unresolved', of: idOf('second') } });
      await restored.close();
    });

    it('recognizes nobody in one whose data are erased', async () => {
      await register('first');
      memory.vault.destroyKey({ kind: 'person', id: idOf('first') });
      await register('second');
      expect(await duplicatesOf(idOf('second'))).toEqual([]);
      expect(await foundByAttributes()).toEqual([idOf('second')]);
      await caughtUp();
      expect(await duplicatesOf(idOf('second'))).toEqual([]);
    });

    it('makes rows again that a restored key store has lost', async () => {
      await register('first');
      await caughtUp();
      const backup = await keys.backup();
      await register('second', backbone, { familyName: `${attributes.familyName}-b` });
      await caughtUp();
      await backup.restore();
      await caughtUp();
      await register('third');
      await register('fourth', backbone, { familyName: `${attributes.familyName}-b` });
      expect(await duplicatesOf(idOf('third'))).toEqual([idOf('first')]);
      expect(await duplicatesOf(idOf('fourth'))).toEqual([idOf('second')]);
    });

    it('recognizes persons recorded by the first release, from the first to the last, however often it is killed', async () => {
      const old = async (key: string, duplicateOf?: PersonId): Promise<void> => {
        const stream = streamId('person', idOf(key));
        const data = {
          person: idOf(key),
          familyName: { clear: attributes.familyName },
          birthDate: { clear: attributes.birthDate },
          identifyingAttributes: ['familyName', 'birthDate'],
          ...(duplicateOf === undefined ? {} : { duplicateOf }),
        };
        const event = await backbone.serializer.write(
          { type: 'PersonRegistered', data },
          { id: randomUUID() as EventId, stream, correlationId: 'test', actor: { system: 'test' } },
        );
        const ofFirstRelease = { ...(JSON.parse(event.bytes) as object), schemaVersion: 1 };
        await memory.stores.events.append(stream, 'no-stream', [{ ...event, bytes: canonicalJson(ofFirstRelease) }]);
      };
      await old('a');
      await old('b', idOf('a'));
      await old('c');
      expect(await duplicatesOf(idOf('b'))).toEqual([idOf('a')]);
      await register('new');
      expect(await duplicatesOf(idOf('new'))).toEqual([]);
      for (const step of ['confirm', 'append'] as const) {
        for (const when of ['before', 'after'] as const) {
          const mortal = dying(backbone, { step, number: 2, when }).backbone;
          for (const key of ['a', 'b', 'c']) {
            await recognition(mortal)
              .react({ data: { person: idOf(key) } } as never)
              .catch(() => undefined);
          }
        }
      }
      await caughtUp();
      await expectEachPairAskedOnce('a', 'b', 'c', 'new');
      expect(await keys.vault.checkpoints.read(RECOGNITION)).toMatchObject({ position: await backbone.feed.head() });
      const head = await backbone.feed.head();
      await caughtUp();
      await settlePerson(backbone, idOf('b'));
      expect(await backbone.feed.head()).toBe(head);
    });

    describe('a document', () => {
      const passport = {
        documentType: 'passport',
        number: 'NX 123-4567',
        issuingState: 'NLD',
        expiresOn: '2031-03-09',
      } as const;
      const other = { familyName: 'Smit', birthDate: '1990-01-01' };

      it.each(DEATHS)('whose recording dies $when its $step is asked about once', async (death) => {
        const number = `NX ${randomUUID()}`;
        await register('first');
        await register('second', backbone, { ...other, familyName: `Smit ${randomUUID()}` });
        await recordDocument(backbone, request('of-first'), idOf('first'), { ...passport, number });
        // Who was registered has been gone through: what makes up for the crash is the document's own event.
        await caughtUp();
        const mortal = dying(backbone, death).backbone;
        await dead(recordDocument(mortal, request('of-second'), idOf('second'), { ...passport, number }));
        await caughtUp();
        await expectEachPairAskedOnce('first', 'second');
        await recordDocument(backbone, request('of-second'), idOf('second'), { ...passport, number });
        await expectEachPairAskedOnce('first', 'second');
        expect(await duplicatesOf(idOf('second'))).toEqual([idOf('first')]);
      });

      it('that was overtaken, and dies before its confirm, is asked about all the same', async () => {
        const number = `NX ${randomUUID()}`;
        await register('first');
        await register('second', backbone, { ...other, familyName: `Smit ${randomUUID()}` });
        await caughtUp();
        const record = (of: Backbone, key: string) =>
          recordDocument(of, request(`of-${key}`), idOf(key), { ...passport, number });
        await overtaken(
          dying(backbone, { step: 'confirm', number: 1, when: 'before' }).backbone,
          (of) => dead(record(of, 'second')),
          () => record(backbone, 'first'),
        );
        expect([await duplicatesOf(idOf('first')), await duplicatesOf(idOf('second'))]).toEqual([[], []]);
        await caughtUp();
        await expectEachPairAskedOnce('first', 'second');
      });
    });

    describe('a correction', () => {
      const application = randomUUID() as ApplicationId;
      const check = randomUUID() as CheckId;
      const body = (set: object) => ({ application, checks: [check], set });
      beforeEach(async () => {
        await memory.record('application', application, {
          type: 'ApplicationReceived',
          data: { application, channel: 'electronic', receivedAt: noon, purposes: ['change'], late: false },
        } as DomainEvent);
        await memory.record('check', check, {
          type: 'CheckRecorded',
          data: {
            check,
            late: false,
            facts: {
              ...paperRegistration.checkOf({
                type: 'identityAttributesRecorded',
                about: { person: idOf('second') },
              } as never),
              application,
            },
          },
        } as unknown as DomainEvent);
      });
      const correct = (of: Backbone, set: object, key = 'correction') =>
        correctPerson(of, request(key), idOf('second'), body(set));

      it('answers the question that rested on the mistake, and asks those that follow', async () => {
        await register('first');
        await register('third', backbone, { birthDate: '1990-01-01' });
        await register('second');
        expect(await duplicatesOf(idOf('second'))).toEqual([idOf('first')]);
        await correct(backbone, { birthDate: '1990-01-01' });
        expect(await duplicatesOf(idOf('second'))).toEqual([idOf('third')]);
        await register('fourth');
        expect(await duplicatesOf(idOf('fourth'))).toEqual([idOf('first')]);
      });

      it('answers it also for another who asked about the one who is corrected', async () => {
        await register('second');
        await register('first');
        expect(await duplicatesOf(idOf('first'))).toEqual([idOf('second')]);
        await correct(backbone, { birthDate: '1990-01-01' });
        expect(await duplicatesOf(idOf('first'))).toEqual([]);
      });

      it.each(DEATHS)('that dies $when its $step is made up for', async (death) => {
        await register('second');
        await register('first');
        await register('third', backbone, { birthDate: '1990-01-01' });
        await caughtUp();
        await dead(correct(dying(backbone, death).backbone, { birthDate: '1990-01-01' }) as Promise<unknown>);
        await caughtUp();
        await expectEachPairAskedOnce('first', 'second', 'third');
        await correct(backbone, { birthDate: '1990-01-01' });
        await expectEachPairAskedOnce('first', 'second', 'third');
        expect(await duplicatesOf(idOf('first'))).toEqual([]);
        expect(await duplicatesOf(idOf('second'))).toEqual([idOf('third')]);
        await register('fourth');
        expect(await duplicatesOf(idOf('fourth'))).toEqual([idOf('first')]);
      });
    });
  });
}
