import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { FaultForPeople, INSTALLATION_STREAM, instantFromEpoch, type Instant } from '#libs/kernel';
import {
  CheckpointMoved,
  holds,
  LineageBroken,
  START,
  type Checkpoint,
  type CheckpointStore,
  type CommandHandler,
  type EventFeed,
  type Follower,
  type HighWaterMark,
  type Lineage,
  type Mark,
  type Place,
  type RegisterIdentity,
  type StoreIdentity,
} from '#libs/eventing';
import {
  installationDecider,
  type EventHolder,
  type IndexRange,
  type Installation,
  type InstallationCommand,
} from '#libs/domain';
import { HOW_TO_GO_ON } from '#libs/process';
import { olderRegister, type BesideEvents, type OlderRegister, type RegisterBeat } from './register-beat.js';

/** The store is not the one this installation knows: another participant's, or restored from an older backup. */
export class StoreRefused extends FaultForPeople {
  override readonly name = 'StoreRefused';
}

export interface InstallationParts {
  readonly commands: CommandHandler;
  readonly feed: EventFeed;
  readonly mark: HighWaterMark;
  readonly checkpoints: CheckpointStore;
  readonly register: RegisterIdentity;
  readonly oin: string;
  /** What the events are read from here. Absent: PostgreSQL. */
  readonly heldBy?: EventHolder;
  /** Absent: the events are in the register's database, and can't be newer than it. */
  readonly beside?: BesideEvents;
  /** How its transparency log is called. Absent: that is not looked at. */
  readonly log?: LogNaming;
}

export interface LogNaming {
  /** By a setting: a log that has another name is refused. */
  readonly configured?: string;
  /** The name of a log that has none yet, where no setting says it. */
  readonly otherwise: (store: string) => string;
}

const SYSTEM = 'installation';
/** Where the register keeps which mark its key store has taken. */
const ACKNOWLEDGED = 'key-store-mark';

const isBehind = (one: Mark, other: Mark): boolean =>
  one.epoch < other.epoch || (one.epoch === other.epoch && one.position < other.position);

/** A mark as far as this place. */
export const markAt = ({ store, epoch }: StoreIdentity, newest: Place | undefined): Checkpoint => ({
  store,
  epoch,
  position: newest?.position ?? START,
  ...(newest === undefined ? {} : { event: newest.item }),
});

/** Why the store is not the one of which the mark was kept, or an older state of it; `undefined` while it is. */
async function notAsMarked(feed: EventFeed, epoch: number, mark: Mark): Promise<string | undefined> {
  const head = await feed.head();
  const { position, event } = mark;
  if (mark.epoch > epoch) return `the store is of epoch ${epoch}, but epoch ${mark.epoch} was reached before`;
  if (mark.epoch < epoch) return undefined;
  if (position > head) return `the store ends at position ${head}, but position ${position} was reached before`;
  if (event === undefined || (await holds(feed, { position, item: event }))) return undefined;
  return `position ${position} held event ${event} before and does not now`;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const now = (): Instant => instantFromEpoch(Date.now());

export async function decide(
  parts: Pick<InstallationParts, 'commands' | 'oin'>,
  key: string,
  command: InstallationCommand,
): Promise<Installation> {
  const outcome = await parts.commands.execute(installationDecider, INSTALLATION_STREAM, () => command, {
    participant: parts.oin,
    client: SYSTEM,
    key,
    requestHash: key,
    actor: { system: SYSTEM },
    correlationId: randomUUID(),
  });
  if (outcome.outcome === 'rejected') {
    const { code, facts } = outcome.rejections[0]!;
    const [recorded, configured] = [String(facts?.['recorded']), String(facts?.['configured'])];
    if (code === 'foreign-log') throw foreignLog(recorded, configured);
    throw code === 'foreign-key-store'
      ? foreignKeyStore(recorded, configured)
      : new StoreRefused(
          `The store belongs to the participant with OIN ${recorded}, the configuration names ${parts.oin}. ` +
            'Start with the OIN the store was made for, or with another database.',
        );
  }
  // Not the outcome's state: that of a repeated command is the first answer, and the store may have been restored since.
  return (await parts.commands.load(installationDecider, INSTALLATION_STREAM)).state;
}

/** Where the events of a store are, as a person sets it. */
export const WHERE: Readonly<Record<EventHolder, { readonly name: string; readonly setting: string }>> = {
  postgres: { name: 'PostgreSQL', setting: 'start without EVENTSTORE_URL' },
  eventstoredb: { name: 'EventStoreDB', setting: 'set EVENTSTORE_URL' },
};

/**
 * Refuses what is not, or no longer, where the events of the store are: what they were moved from, what they were not
 * moved to yet. Gone on with, it would become a second store of the same name.
 */
export function refuseElsewhere(state: Installation, heldBy: EventHolder = 'postgres'): void {
  if (state.status === 'none' || state.heldBy === heldBy) return;
  const [there, here] = [WHERE[state.heldBy], WHERE[heldBy]];
  throw new StoreRefused(
    `The events of the store are on ${there.name}, and this is ${here.name}: ${there.setting}, or move them first: ` +
      'npm run move-store.',
  );
}

/** Refuses the register of another store. Answers the id that a store without one gets. */
async function storeNamed(parts: InstallationParts, before: Installation, inUse: boolean): Promise<string> {
  if (before.status === 'none') {
    const told = await parts.checkpoints.read(ACKNOWLEDGED);
    if (told === undefined) return parts.register.name(randomUUID());
    throw new StoreRefused(
      `The register's database belongs to the store ${told.store}, and there are no events. Check DATABASE_URL and ` +
        'EVENTSTORE_URL.',
    );
  }
  const named = await parts.register.store();
  if (named === undefined && inUse) {
    throw new StoreRefused(
      `The register's database is empty, but the store ${before.store} is in use: its records are missing. Check ` +
        'DATABASE_URL, or restore the register from its backup.',
    );
  }
  const register = named ?? (await parts.register.name(before.store));
  if (register === before.store) return register;
  throw new StoreRefused(
    `The register's database belongs to the store ${register}; the events are of the store ${before.store}. Check ` +
      'DATABASE_URL and EVENTSTORE_URL.',
  );
}

const foreignKeyStore = (own: string, configured: string): StoreRefused =>
  new StoreRefused(
    `The store has its keys in the key store ${own}; the one that is configured is ${configured}. Check KEYSTORE_URL, or ` +
      'restore the key store from its backup.',
  );

const foreignLog = (own: string, configured: string): StoreRefused =>
  new StoreRefused(
    `The transparency log of the store is called ${own}, and LOG_ORIGIN names ${configured}. The name stands in everything ` +
      'that was signed, and does not change: start without LOG_ORIGIN, or with that name.',
  );

/**
 * Makes an empty store this participant's and answers which store it is; refuses one of another participant, one that
 * lies behind its high-water mark (interfaces.md §1, §9), and a key store that is another one or older than the store.
 */
export async function identifyStore(parts: InstallationParts): Promise<StoreIdentity> {
  // The mark first: it is written after the store is made, so that two processes that start at once don't mistake it.
  const known = await parts.mark.stores();
  const keyStore = await parts.mark.keeper();
  const { state: before, history } = await parts.commands.load(installationDecider, INSTALLATION_STREAM);
  refuseElsewhere(before, parts.heldBy);
  const inUse = before.status !== 'none' && (await parts.feed.head()) > history[0]!.position;
  if (known.length === 0 && inUse) {
    throw new StoreRefused(
      'The key store is empty, but the register is in use: without its keys nothing sealed can be read. Check KEYSTORE_URL, ' +
        'or restore the key store from its backup.',
    );
  }
  if (known.length > 0 && (before.status === 'none' || !known.includes(before.store))) {
    throw new StoreRefused(
      `The key store belongs to the store ${known.join(', ')}; this one is ` +
        `${before.status === 'none' ? 'empty' : before.store}. Check DATABASE_URL and KEYSTORE_URL` +
        `${parts.heldBy === 'eventstoredb' ? ', and EVENTSTORE_URL (npm run move-store moves events there)' : ''}.`,
    );
  }
  const store = await storeNamed(parts, before, inUse);
  const initialized = await decide(parts, `initialize-${store}`, {
    type: 'InitializeStore',
    store,
    oin: parts.oin,
    keyStore,
    ...(parts.heldBy === undefined ? {} : { heldBy: parts.heldBy }),
    ...(parts.log === undefined ? {} : { logOrigin: nameFor(parts.log, store) }),
    now: now(),
  });
  if (initialized.status === 'none') throw new StoreRefused('the store could not be initialized');
  const identity = { store: initialized.store, epoch: initialized.epoch };
  // In the order in which another process that runs would be ahead: a mark is acknowledged after it is written, and
  // written after the head was there.
  const acknowledged = await parts.checkpoints.read(ACKNOWLEDGED);
  const mark = await parts.mark.read(identity.store);
  const newest = await parts.feed.newest();
  if (initialized.keyStore !== undefined && initialized.keyStore !== keyStore) {
    throw foreignKeyStore(initialized.keyStore, keyStore);
  }
  const fault = mark && (await notAsMarked(parts.feed, identity.epoch, mark));
  if (fault !== undefined) {
    throw new StoreRefused(`${sentence(fault)}: it was restored from an older backup. ${HOW_TO_GO_ON}`);
  }
  const lost = marksLost(identity.store, mark, acknowledged);
  if (lost !== undefined) {
    throw new StoreRefused(
      `The key store knows the store up to position ${mark?.position ?? 'none'}, but had been told of position ` +
        `${lost.position}: it was restored from a backup that is older than the register. Keys made since are not in it, and ` +
        'keys destroyed since are. Restore it to a later moment; if there is none: npm run adopt-restored-store -- --reason "…"',
    );
  }
  const older = await registerBehindEvents(parts, identity);
  if (older !== undefined) {
    throw new StoreRefused(
      `The register's database is older than the events: ${older.why}. It was restored from an older backup; records, ` +
        `answered keys and what was put aside since are missing. ${HOW_TO_GO_ON}`,
    );
  }
  if (initialized.keyStore === undefined) {
    await decide(parts, `bind-${keyStore}`, { type: 'BindKeyStore', keyStore, now: now() });
  }
  if (parts.log !== undefined) await nameLog(parts, parts.log, initialized);
  if (mark === undefined) await tellMark(parts, markAt(identity, newest));
  return identity;
}

const nameFor = ({ configured, otherwise }: LogNaming, store: string): string => configured ?? otherwise(store);

/** Names the log of a store that has none yet; refuses another name than it has. */
async function nameLog(
  parts: InstallationParts,
  naming: LogNaming,
  { store, logOrigin }: Extract<Installation, { readonly status: 'initialized' }>,
): Promise<void> {
  if (logOrigin === undefined) {
    const origin = nameFor(naming, store);
    await decide(parts, `log-${origin}`, { type: 'NameLog', origin, now: now() });
  } else if (naming.configured !== undefined && naming.configured !== logOrigin) {
    throw foreignLog(logOrigin, naming.configured);
  }
}

/** The name of the store's transparency log, once `identifyStore` has seen to it that it has one. */
export async function logOriginOf({ commands }: Pick<InstallationParts, 'commands'>): Promise<string> {
  const { state } = await commands.load(installationDecider, INSTALLATION_STREAM);
  if (state.status === 'none' || state.logOrigin === undefined)
    throw new StoreRefused('The log of the store has no name.');
  return state.logOrigin;
}

/** What an epoch begins with. */
const BEGINNING: ReadonlySet<string> = new Set(['StoreInitialized', 'StoreRestored', 'StoreMoved']);

/** Whether the register's database was restored beside events that are newer than it. */
async function registerBehindEvents(
  { beside, checkpoints, commands }: InstallationParts,
  { store, epoch }: StoreIdentity,
): Promise<OlderRegister | undefined> {
  if (beside === undefined) return undefined;
  const acknowledged = await checkpoints.read(ACKNOWLEDGED);
  const { history } = await commands.load(installationDecider, INSTALLATION_STREAM);
  const begin = history.findLast(({ type }) => BEGINNING.has(type))?.position ?? START;
  const isOfNow = acknowledged?.store === store && acknowledged.epoch === epoch && acknowledged.position > begin;
  return olderRegister(beside, checkpoints, epoch, isOfNow ? acknowledged.position : begin);
}

/** The mark that the key store had taken, by the register's word, and has no longer. */
function marksLost(store: string, mark: Mark | undefined, acknowledged: Checkpoint | undefined): Mark | undefined {
  if (acknowledged === undefined || acknowledged.store !== store) return undefined;
  return mark === undefined || isBehind(mark, acknowledged) ? acknowledged : undefined;
}

/** Writes the mark into the key store and then, in the register, that it has it. */
export async function tellMark(
  { mark, checkpoints }: Pick<InstallationParts, 'mark' | 'checkpoints'>,
  at: Checkpoint,
): Promise<void> {
  await mark.write(at.store, at);
  const known = await checkpoints.read(ACKNOWLEDGED);
  if (known !== undefined && known.store === at.store && !isBehind(known, at)) return;
  try {
    await checkpoints.move(ACKNOWLEDGED, known, at);
  } catch (error) {
    // Another process has told more, or tells it now.
    if (!(error instanceof CheckpointMoved)) throw error;
  }
}

/** How long is looked for others before a store is adopted: whoever runs shows himself by then (milliseconds). */
const ALONE_FOR = 3_000;
const LOOK_EVERY = 250;

/** Refuses while another process has the store open: it would go on with what is not there any more. */
export async function demandAlone(others: (() => Promise<number>) | undefined): Promise<void> {
  if (others === undefined) return;
  for (const until = performance.now() + ALONE_FOR; performance.now() < until; await delay(LOOK_EVERY)) {
    const count = await others();
    if (count === 0) continue;
    throw new StoreRefused(
      `${count === 1 ? 'Another process has' : `${count} other processes have`} the store open. Stop every process first.`,
    );
  }
}

/**
 * A person's decision to go on with a store, a key store, or a register beside events that are kept elsewhere, that was
 * restored from an older backup (interfaces.md §9).
 * `others` tells how many processes have the store open.
 */
export async function adoptRestoredStore(
  parts: InstallationParts & { readonly others?: () => Promise<number> },
  reason: string,
): Promise<StoreIdentity> {
  await demandAlone(parts.others);
  const { state: before } = await parts.commands.load(installationDecider, INSTALLATION_STREAM);
  if (before.status === 'none') throw new StoreRefused('The store is empty: there is nothing to adopt.');
  refuseElsewhere(before, parts.heldBy);
  await storeNamed(parts, before, true);
  const keyStore = await parts.mark.keeper();
  if (before.keyStore !== undefined && before.keyStore !== keyStore) throw foreignKeyStore(before.keyStore, keyStore);
  const acknowledged = await parts.checkpoints.read(ACKNOWLEDGED);
  const mark = await parts.mark.read(before.store);
  const head = await parts.feed.head();
  if (mark === undefined) {
    throw new StoreRefused('The key store knows nothing of this store: there is nothing to adopt. Check KEYSTORE_URL.');
  }
  const lost = marksLost(before.store, mark, acknowledged);
  const older = await registerBehindEvents(parts, before);
  if (lost === undefined && older === undefined && (await notAsMarked(parts.feed, before.epoch, mark)) === undefined) {
    throw new StoreRefused('The store does not lie behind its high-water mark: there is nothing to adopt.');
  }
  const reached = lost ?? mark;
  const state = await decide(parts, `adopt-${before.store}-${before.epoch}-${head}`, {
    type: 'AdoptRestoredStore',
    epoch: Math.max(before.epoch, mark.epoch, reached.epoch) + 1,
    oldMark: String(reached.position),
    newHead: String(head),
    ...(older === undefined ? {} : { register: older.lost }),
    reason,
    now: now(),
  });
  if (state.status === 'none') throw new StoreRefused('the store could not be adopted');
  const identity = { store: state.store, epoch: state.epoch };
  await tellMark(parts, markAt(identity, await parts.feed.newest()));
  return identity;
}

/** Indexes of the log; `until` is the first behind them. */
interface Indexes {
  readonly from: number;
  readonly until: number;
}

const rangesOf = ({ from, until }: Indexes): readonly IndexRange[] =>
  from < until ? [{ first: from, last: until - 1 }] : [];

/** Records a person's decision to go on behind what was published of the log and is not in the database any more. */
export async function recordRestoredLog(
  parts: Pick<InstallationParts, 'commands' | 'oin'>,
  ranges: { readonly orphaned: Indexes; readonly again: Indexes },
  reason: string,
): Promise<void> {
  const { from, until } = ranges.orphaned;
  // The same again where it was interrupted behind this: then it stands there already.
  await decide(parts, `adopt-log-${from}-${until}`, {
    type: 'AdoptRestoredLog',
    indexes: rangesOf(ranges.orphaned),
    again: rangesOf(ranges.again),
    ...{ reason, now: now() },
  });
}

/** How often the mark is written while the store grows, in milliseconds (interfaces.md §9: at most a second behind). */
const MARK_EVERY = 500;

/**
 * Writes the high-water mark for as long as it runs, and watches that the store does not fall behind it, nor becomes
 * another one in its place: a store that was restored under running processes would give out its positions a second
 * time. The mark is every process's, so that one notices also what only another had seen. Then `lineage` is broken:
 * nothing is asked of the store or written to it any more. The same for the key store: one that is another, or that lost
 * a mark it had taken, has lost keys with it; then the mark is not kept any more, and the process is not ready. Where events
 * are kept elsewhere, `beat` says of the register what they can't.
 */
export function keepHighWaterMark(
  parts: Pick<InstallationParts, 'feed' | 'mark' | 'checkpoints'> & {
    readonly lineage: Lineage;
    readonly beat?: RegisterBeat;
  },
  identity: StoreIdentity,
  onTrouble: (name: string, error: unknown, stopped: boolean) => void,
): Follower {
  const name = 'high-water-mark';
  const { feed, lineage } = parts;
  let written = START;
  let verified: Mark | undefined;
  let doneAt = performance.now();
  let keysLost: string | undefined;
  let working: Promise<void> = Promise.resolve();
  let keeper: string | undefined;
  const stop = (why: string): void => {
    keysLost ??= why;
    clearInterval(timer);
    onTrouble(name, new StoreRefused(keysLost), true);
  };
  const verify = async (mark: Mark): Promise<void> => {
    if (mark.epoch === verified?.epoch && mark.position === verified.position && mark.event === verified.event) return;
    const fault = await notAsMarked(feed, identity.epoch, mark);
    if (fault !== undefined) throw lineage.break(new LineageBroken(fault));
    verified = mark;
  };
  const work = async (): Promise<void> => {
    if (lineage.broken !== undefined || keysLost !== undefined) return;
    try {
      await parts.beat?.next().catch((error: unknown) => {
        throw error instanceof LineageBroken ? lineage.break(error) : error;
      });
      // The mark first: the store is read after it, and so is at least as far.
      const [keptBy, kept] = await Promise.all([parts.mark.keeper(), parts.mark.read(identity.store)]);
      keeper ??= keptBy;
      if (keptBy !== keeper) return stop(`the key store is ${keptBy} now, and was ${keeper}`);
      if (written > START && (kept === undefined || isBehind(kept, { epoch: identity.epoch, position: written }))) {
        return stop(
          `the key store knows the store up to ${kept?.position ?? 'none'}, though ${written} was told to it: it was restored ` +
            'while in use',
        );
      }
      if (kept !== undefined) await verify(kept);
      const next = markAt(identity, await feed.newest());
      if (next.position > written) await tellMark(parts, next);
      written = next.position;
      doneAt = performance.now();
    } catch (error) {
      // What has gone back is told below, once.
      if (!(error instanceof LineageBroken)) onTrouble(name, error, false);
    }
  };
  const timer = setInterval(() => {
    working = working.then(work);
  }, MARK_EVERY);
  timer.unref();
  void lineage.lost.then((error) => {
    clearInterval(timer);
    onTrouble(name, error, true);
    // What this process knows was there: without it a store that lost only the newest would be taken for whole.
    working = working
      .then(() => parts.mark.write(identity.store, markAt(identity, lineage.newest('events'))))
      .catch((trouble: unknown) => onTrouble(name, trouble, false));
  });
  const fault = (): string | undefined => lineage.broken?.message ?? keysLost;
  return {
    status: () => ({
      name,
      state: fault() === undefined ? 'running' : 'stopped',
      position: written,
      silentFor: performance.now() - doneAt,
      behindFor: performance.now() - doneAt,
      ...(fault() === undefined ? {} : { stoppedBy: { reason: fault()! } }),
    }),
    waitFor: async (position) => written >= position,
    async stop() {
      clearInterval(timer);
      await working;
      await work();
    },
  };
}
