import { instantFromEpoch, INSTALLATION_STREAM } from '#libs/kernel';
import {
  AppendOutcomeUnknown,
  commandHandler,
  compareEvents,
  copyEvents,
  LineageBroken,
  NotACopy,
  StoreUnavailable,
  type AnsweredKeys,
  type CheckpointStore,
  type EventSerializer,
  type HighWaterMark,
  type RegisterIdentity,
  type StoreIdentity,
} from '#libs/eventing';
import { installationDecider } from '#libs/domain';
import { decide, demandAlone, identifyStore, markAt, StoreRefused, tellMark, WHERE } from './installation.js';
import type { HeldEvents } from './open-stores.js';
import type { BesideEvents } from './register-beat.js';

export interface MoveParts {
  readonly from: HeldEvents;
  readonly to: HeldEvents;
  readonly serializer: EventSerializer;
  readonly answeredKeys: AnsweredKeys;
  readonly mark: HighWaterMark;
  readonly checkpoints: CheckpointStore;
  readonly register: RegisterIdentity;
  readonly oin: string;
  /** Of the events that are moved from, where these are not in the register's database. */
  readonly beside?: BesideEvents;
  /** How many other processes have the register open. Absent: it is known that there is none. */
  readonly others?: () => Promise<number>;
}

/** Progress is said at most this often, in milliseconds. */
const SAY_EVERY = 2_000;

/**
 * Moves the events of an installation to another kind of store: copies them, compares both whole, and only then records
 * in the old one that it is moved, from where that goes over as the last event. Whenever it ends before that, the old
 * store is the store; from then on it refuses to start, and the same command brings to its end what is left. Positions
 * of callers are foreign from then on, and read models are made anew: a new epoch.
 */
export async function moveStore(parts: MoveParts, say: (line: string) => void): Promise<StoreIdentity> {
  try {
    return await move(parts, say);
  } catch (error) {
    const isAway = error instanceof StoreUnavailable && !(error instanceof LineageBroken);
    if (!isAway && !(error instanceof AppendOutcomeUnknown)) throw error;
    throw new StoreRefused(
      `The move was interrupted: ${error.message}. Nothing is lost. When both stores answer again, give the same command ` +
        'once more: it goes on where this one ended.',
      { cause: error },
    );
  }
}

async function move(parts: MoveParts, say: (line: string) => void): Promise<StoreIdentity> {
  const { from, to, serializer, answeredKeys, others } = parts;
  const [source, target] = [from, to].map(({ events, feed }) =>
    commandHandler({ events, feed, answeredKeys }, serializer),
  ) as [ReturnType<typeof commandHandler>, ReturnType<typeof commandHandler>];
  await demandAlone(others);
  const { state: before } = await source.load(installationDecider, INSTALLATION_STREAM);
  if (before.status === 'none') throw new StoreRefused('The store is empty: there is nothing to move.');
  const isRecorded = before.heldBy === to.heldBy;
  const installation = { ...parts, commands: source, feed: from.feed, heldBy: from.heldBy };
  if (!isRecorded) await identifyStore(installation);

  const { state: moved } = await target.load(installationDecider, INSTALLATION_STREAM);
  if (moved.status !== 'none' && moved.store !== before.store) {
    throw new StoreRefused(`${WHERE[to.heldBy].name} holds the store ${moved.store}: take one that is empty.`);
  }
  // Whoever has the record that it was moved has everything before it, and may have gone on since.
  const isThere = isRecorded && moved.status !== 'none' && moved.epoch >= before.epoch;
  if (isThere) say('It was moved already.');
  else {
    await copyAll(parts, before.epoch, say, async () => {
      const [head, now] = [String(await from.feed.head()), instantFromEpoch(Date.now())];
      // Where it is recorded already this finds nothing to change.
      const key = `move-${before.store}-${before.epoch}`;
      await decide(installation, key, { type: 'MoveStore', to: to.heldBy, head, now });
    });
  }

  const { state } = await target.load(installationDecider, INSTALLATION_STREAM);
  if (state.status === 'none' || state.heldBy !== to.heldBy) throw new StoreRefused('the store could not be moved');
  const identity = { store: state.store, epoch: state.epoch };
  await tellMark(parts, markAt(identity, await to.feed.newest()));
  return identity;
}

async function copyAll(
  { from, to, others }: MoveParts,
  epoch: number,
  say: (line: string) => void,
  record: () => Promise<void>,
): Promise<void> {
  const progress = (what: string): ((events: number) => void) => {
    let said = performance.now();
    return (events) => {
      if (performance.now() - said < SAY_EVERY) return;
      said = performance.now();
      say(`${what}: ${events} events so far …`);
    };
  };
  const source = { feed: from.feed, imports: from.imports, epoch };
  try {
    const copied = await copyEvents(source, to, progress('copying'));
    say(`Copied: ${copied.written} events, and ${copied.events - copied.written} were there already.`);
    const compared = await compareEvents(from, to, progress('comparing'));
    say(`Compared: ${compared} events are the same in both, in the same order, byte for byte.`);
    await demandAlone(others);
    await record();
    // Nobody begins on the old store any more; who did so right before is seen now, and what he recorded goes over.
    await demandAlone(others);
    await copyEvents(source, to, undefined, copied.upTo);
    await compareEvents(from, to, undefined, copied.upTo);
  } catch (error) {
    if (!(error instanceof NotACopy)) throw error;
    throw new StoreRefused(
      `${WHERE[to.heldBy].name} does not hold a copy of this store: ${error.message}. Nothing was written behind that. ` +
        'Take one that is empty.',
    );
  }
}
