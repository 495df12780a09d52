import { setTimeout as delay } from 'node:timers/promises';
import {
  CannotApply,
  checkpointAt,
  CheckpointLost,
  CheckpointMoved,
  endOf,
  Fenced,
  FeedBroken,
  goOnBehind,
  LineageBroken,
  positionOf,
  runAsWinner,
  START,
  type Checkpoint,
  type CheckpointStore,
  type EventFeed,
  type Feed,
  type Follower,
  type Leases,
  type LogFiles,
  type Place,
  type RecordLog,
  type RecordToSequence,
  type SequencedLog,
  type StoreIdentity,
  type Turn,
} from '#libs/eventing';
import { FEED_NAMES } from './feed-names.js';
import { LogRefused, refusing } from './log-fault-for-people.js';
import type { LogSignatures } from './log-signatures.js';
import type { LogWitnesses } from './log-witnesses.js';
import { lacking, PublishedLog, statedBy } from './published-log.js';
import { eventsToSequence, recordsToSequence } from './records-to-sequence.js';

export interface SequencerParts {
  readonly table: SequencedLog;
  readonly checkpoints: Pick<CheckpointStore, 'read'>;
  readonly feed: EventFeed;
  readonly records: RecordLog;
  readonly identity: StoreIdentity;
  readonly files: LogFiles;
  readonly signatures: LogSignatures;
  /** Whoever has seen the log and can say so; absent: nobody. */
  readonly witnesses?: Pick<LogWitnesses, 'compare' | 'demandAgreement'>;
  readonly leases: Leases;
  readonly holder: string;
  /** How long nobody goes on after a process was killed (milliseconds). */
  readonly leaseMilliseconds?: number;
  /** At least so long lies between two checkpoints (milliseconds). */
  readonly signEvery?: number;
  readonly onTrouble?: (name: string, error: unknown, stopped: boolean) => void;
}

const NAME = 'transparency-log';
const LEASE = 5_000;
/** Between two looks at the feeds, where there was nothing more (milliseconds). */
const LOOK_EVERY = 200;
/** Each checkpoint is some files on the disk that appends wait for as well: those of a while share one. */
const SIGN_EVERY = 350;
/** Items of a feed in one transaction, fewer where they are large: each costs a commit that appends wait for as well. */
const TOGETHER = 2_000;
/** Of a process that has not the turn: between two looks at what is to be published. */
const FOLLOW_EVERY = 500;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;

/**
 * Gives every event and every record an index in the transparency log, behind both feeds: each once, in one process at a
 * time, with a checkpoint at most a second behind. A crash at any point is gone on from:
 *
 * 1. One transaction: how far the feed is, which records are there already, index, salt, record, entry.
 * 2. Tiles and bundles, of committed rows alone.
 * 3. The checkpoint, shown to go on from the one before, signed, and stored under the turn's fence. Two of one size are
 *    never stored.
 * 4. It is published, by every process that serves the log.
 *
 * No index is given out by a table that lacks a checkpoint that was signed: its server may have been taken over by one
 * without the last rows. Witnesses are asked as well, at the start and before each turn. Rejects with `LogRefused` where what is published and the table are not of one log.
 */
export async function startSequencer(parts: SequencerParts): Promise<Follower> {
  const {
    table,
    checkpoints,
    identity,
    signatures,
    onTrouble,
    leaseMilliseconds = LEASE,
    signEvery = SIGN_EVERY,
  } = parts;
  const log = new PublishedLog(table, parts.files, signatures);
  await log.open();
  await parts.witnesses?.compare();

  const ending = new AbortController();
  let stoppedBy: string | undefined;
  let reached = START;
  let currentAt = performance.now();
  let fedAt = performance.now();

  const stopFor = (error: unknown): void => {
    stoppedBy ??= error instanceof Error ? error.message : String(error);
    ending.abort();
    onTrouble?.(NAME, error, true);
  };
  const seenEverything = (): void => {
    currentAt = performance.now();
    fedAt = currentAt;
  };
  const rest = (milliseconds: number, lost: AbortSignal): Promise<unknown> =>
    delay(milliseconds, undefined, { signal: AbortSignal.any([lost, ending.signal]) }).catch(() => undefined);

  const readers = [
    feedReader(FEED_NAMES.events, parts.feed, eventsToSequence),
    feedReader(FEED_NAMES.records, parts.records, recordsToSequence),
  ] as const;

  function feedReader<Item>(name: string, feed: Feed<Item>, told: (items: readonly Item[]) => RecordToSequence[]) {
    let stored: Checkpoint | undefined;
    let place: bigint | Place = START;
    return {
      position: () => positionOf(place),
      async begin(): Promise<void> {
        stored = await checkpoints.read(name);
        // From the first one again where the store was put back or moved: what is there is known by id and content.
        place = await goOnBehind(feed, stored, identity, name);
      },
      /** Sequences a page; answers whether there was something, and whether there is more. */
      async next(turn: Turn): Promise<{ readonly isNew: boolean; readonly isMore: boolean }> {
        const page = await feed.read(place, TOGETHER);
        const isNew = page.items.length > 0;
        if (isNew) {
          const next = checkpointAt(identity, page);
          await table
            .sequence(name, stored, next, told(page.items), turn, log.signed())
            .catch(async (error: unknown) => {
              if (!(error instanceof CheckpointLost)) throw error;
              throw lacking('signed', error.size, (await table.newest())?.size);
            });
          stored = next;
          place = endOf(page);
        }
        return { isNew, isMore: !page.caughtUp };
      },
    };
  }

  async function sign(turn: Turn): Promise<void> {
    const size = await table.size();
    const previous = await log.newest();
    if (size > (previous?.size ?? 0)) {
      const root = await log.grow(size);
      if (previous !== undefined) {
        const before = await refusing(() => statedBy(previous, signatures));
        await log.demandGrowth(before, { size, root });
      }
      const note = await refusing(() => signatures.sign({ size, root }));
      await table.store({ size, root, note }, previous?.size ?? 0, turn);
    }
    await log.follow();
  }

  async function work(turn: Turn, lost: AbortSignal): Promise<void> {
    let pause = FIRST_PAUSE;
    let begun = false;
    let isCompared = false;
    /** Perhaps there are entries that no checkpoint covers: those of an earlier turn as well. */
    let isUnsigned = true;
    let signedAt = -Infinity;
    while (!lost.aborted && !ending.signal.aborted) {
      try {
        if (!begun) {
          // What has a turn may have lost it, and the server its last rows, since it looked last.
          await log.open();
          await log.follow();
          // Once in a turn: they take their time.
          if (!isCompared) await parts.witnesses?.compare();
          isCompared = true;
          for (const reader of readers) await reader.begin();
          begun = true;
        }
        parts.witnesses?.demandAgreement();
        let isMore = false;
        for (const reader of readers) {
          const taken = await reader.next(turn);
          isUnsigned ||= taken.isNew;
          isMore ||= taken.isMore;
        }
        if (isUnsigned && performance.now() - signedAt >= signEvery) {
          // From its beginning: what it takes itself does not put off the next one.
          signedAt = performance.now();
          await sign(turn);
          isUnsigned = false;
        }
        [reached, fedAt] = [readers[0].position(), performance.now()];
        pause = FIRST_PAUSE;
        if (isMore) continue;
        if (!isUnsigned) seenEverything();
        await rest(LOOK_EVERY, lost);
      } catch (error) {
        if (lost.aborted || ending.signal.aborted) return;
        if (error instanceof Fenced) throw error;
        if (isForPeople(error)) return stopFor(error);
        // Where it stands is looked up again: an answer that was lost may have been a yes.
        [begun, isUnsigned] = [false, true];
        if (!(error instanceof CheckpointMoved)) onTrouble?.(NAME, error, false);
        await rest(pause, lost);
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    }
  }

  const winner = runAsWinner({
    ...{ leases: parts.leases, name: NAME, holder: parts.holder, milliseconds: leaseMilliseconds, work },
    onTrouble: (_, error) => onTrouble?.(NAME, error, false),
  });

  /** Publishes here what another process has signed. */
  async function follow(): Promise<void> {
    while (!ending.signal.aborted) {
      if (winner.turn() === undefined) {
        try {
          await log.follow();
          seenEverything();
        } catch (error) {
          if (ending.signal.aborted) return;
          if (isForPeople(error)) return stopFor(error);
          onTrouble?.(NAME, error, false);
        }
      }
      await delay(FOLLOW_EVERY, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  }
  const following = follow();
  // Nobody acts in a turn that is kept by who has stopped.
  ending.signal.addEventListener('abort', () => void winner.stop(), { once: true });

  return {
    status: () => ({
      name: NAME,
      state: stoppedBy !== undefined ? 'stopped' : winner.turn() === undefined ? 'standing-by' : 'running',
      position: reached,
      silentFor: performance.now() - fedAt,
      behindFor: performance.now() - currentAt,
      // Nobody is answered wrongly meanwhile.
      mayLag: true,
      ...(stoppedBy === undefined ? {} : { stoppedBy: { reason: stoppedBy } }),
    }),
    waitFor: async (position) => reached >= position,
    async stop() {
      ending.abort();
      await Promise.all([winner.stop(), following]);
    },
  };
}

/** What no later try would do better. */
const isForPeople = (error: unknown): boolean =>
  error instanceof LogRefused ||
  error instanceof CannotApply ||
  error instanceof FeedBroken ||
  error instanceof LineageBroken;
