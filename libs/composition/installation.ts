import { randomUUID } from 'node:crypto';
import { INSTALLATION_STREAM, instantFromEpoch, type Instant } from '#libs/kernel';
import {
  CheckpointMoved,
  type Checkpoint,
  type CheckpointStore,
  type CommandHandler,
  type EventFeed,
  type Follower,
  type HighWaterMark,
  type StoreIdentity,
} from '#libs/eventing';
import { installationDecider, type Installation, type InstallationCommand } from '#libs/domain';

/** The store is not the one this installation knows: another participant's, or restored from an older backup. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused';
}

interface InstallationParts {
  readonly commands: CommandHandler;
  readonly feed: EventFeed;
  readonly mark: HighWaterMark;
  readonly checkpoints: CheckpointStore;
  readonly oin: string;
}

const SYSTEM = 'installation';
/** Where the register keeps which mark its key store has taken. */
const ACKNOWLEDGED = 'key-store-mark';

type Mark = { readonly epoch: number; readonly position: bigint };

const isBehind = (one: Mark, other: Mark): boolean =>
  one.epoch < other.epoch || (one.epoch === other.epoch && one.position < other.position);

const now = (): Instant => instantFromEpoch(Date.now());

async function decide(parts: InstallationParts, key: string, command: InstallationCommand): Promise<Installation> {
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
    throw code === 'foreign-key-store'
      ? foreignKeyStore(String(facts?.['recorded']), String(facts?.['configured']))
      : new StoreRefused(
          `The store belongs to the participant with OIN ${String(facts?.['recorded'])}, the configuration names ${parts.oin}. ` +
            'Start with the OIN the store was made for, or with another database.',
        );
  }
  // Not the outcome's state: that of a repeated command is the first answer, and the store may have been restored since.
  return (await parts.commands.load(installationDecider, INSTALLATION_STREAM)).state;
}

const foreignKeyStore = (own: string, configured: string): StoreRefused =>
  new StoreRefused(
    `The store has its keys in the key store ${own}; the one that is configured is ${configured}. Check KEYSTORE_URL, or ` +
      'restore the key store from its backup.',
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
  const first = history[0]?.position ?? 0n;
  if (known.length === 0 && before.status !== 'none' && (await parts.feed.head()) > first) {
    throw new StoreRefused(
      'The key store is empty, but the register is in use: without its keys nothing sealed can be read. Check KEYSTORE_URL, ' +
        'or restore the key store from its backup.',
    );
  }
  if (known.length > 0 && (before.status === 'none' || !known.includes(before.store))) {
    throw new StoreRefused(
      `The key store belongs to the store ${known.join(', ')}; this one is ` +
        `${before.status === 'none' ? 'empty' : before.store}. Check DATABASE_URL and KEYSTORE_URL.`,
    );
  }
  const store = before.status === 'none' ? randomUUID() : before.store;
  const initialized = await decide(parts, `initialize-${store}`, {
    type: 'InitializeStore',
    store,
    oin: parts.oin,
    keyStore,
    now: now(),
  });
  if (initialized.status === 'none') throw new StoreRefused('the store could not be initialized');
  const identity = { store: initialized.store, epoch: initialized.epoch };
  // In the order in which another process that runs would be ahead: a mark is acknowledged after it is written, and
  // written after the head was there.
  const acknowledged = await parts.checkpoints.read(ACKNOWLEDGED);
  const mark = await parts.mark.read(identity.store);
  const head = await parts.feed.head();
  if (initialized.keyStore !== undefined && initialized.keyStore !== keyStore) {
    throw foreignKeyStore(initialized.keyStore, keyStore);
  }
  if (mark !== undefined && isBehind({ epoch: identity.epoch, position: head }, mark)) {
    throw new StoreRefused(
      `The store ends at position ${head}, but position ${mark.position} was reached before: it was restored from an ` +
        'older backup. If that is intended: npm run adopt-restored-store -- --reason "…"',
    );
  }
  const lost = marksLost(identity.store, mark, acknowledged);
  if (lost !== undefined) {
    throw new StoreRefused(
      `The key store knows the store up to position ${mark?.position ?? 0n}, but had been told of position ` +
        `${lost.position}: it was restored from a backup that is older than the register. Keys made since are not in it, and ` +
        'keys destroyed since are. Restore it to a later moment; if there is none: npm run adopt-restored-store -- --reason "…"',
    );
  }
  if (initialized.keyStore === undefined) {
    await decide(parts, `bind-${keyStore}`, { type: 'BindKeyStore', keyStore, now: now() });
  }
  if (mark === undefined) await tellMark(parts, { ...identity, position: head });
  return identity;
}

/** The mark that the key store had taken, by the register's word, and has no longer. */
function marksLost(store: string, mark: Mark | undefined, acknowledged: Checkpoint | undefined): Mark | undefined {
  if (acknowledged === undefined || acknowledged.store !== store) return undefined;
  return mark === undefined || isBehind(mark, acknowledged) ? acknowledged : undefined;
}

/** Writes the mark into the key store and then, in the register, that it has it. */
async function tellMark(
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

/**
 * A person's decision to go on with a store, or a key store, that was restored from an older backup (interfaces.md §9).
 */
export async function adoptRestoredStore(parts: InstallationParts, reason: string): Promise<StoreIdentity> {
  const { state: before } = await parts.commands.load(installationDecider, INSTALLATION_STREAM);
  if (before.status === 'none') throw new StoreRefused('The store is empty: there is nothing to adopt.');
  const keyStore = await parts.mark.keeper();
  if (before.keyStore !== undefined && before.keyStore !== keyStore) throw foreignKeyStore(before.keyStore, keyStore);
  const acknowledged = await parts.checkpoints.read(ACKNOWLEDGED);
  const mark = await parts.mark.read(before.store);
  const head = await parts.feed.head();
  if (mark === undefined) {
    throw new StoreRefused('The key store knows nothing of this store: there is nothing to adopt. Check KEYSTORE_URL.');
  }
  const lost = marksLost(before.store, mark, acknowledged);
  if (lost === undefined && !isBehind({ epoch: before.epoch, position: head }, mark)) {
    throw new StoreRefused('The store does not lie behind its high-water mark: there is nothing to adopt.');
  }
  const reached = lost ?? mark;
  const state = await decide(parts, `adopt-${before.store}-${before.epoch}-${head}`, {
    type: 'AdoptRestoredStore',
    epoch: Math.max(before.epoch, mark.epoch, reached.epoch) + 1,
    oldMark: String(reached.position),
    newHead: String(head),
    reason,
    now: now(),
  });
  if (state.status === 'none') throw new StoreRefused('the store could not be adopted');
  const identity = { store: state.store, epoch: state.epoch };
  await tellMark(parts, { ...identity, position: await parts.feed.head() });
  return identity;
}

/** How often the mark is written while the store grows, in milliseconds (interfaces.md §9: at most a second behind). */
const MARK_EVERY = 500;

/**
 * Writes the high-water mark for as long as it runs, and watches that the store does not fall behind it: a store that was
 * restored under a running process would give out its positions a second time. The same for the key store: one that is
 * another, or that lost a mark it had taken, has lost keys with it. It is stopped then, and the process is not ready any
 * more.
 */
export function keepHighWaterMark(
  parts: Pick<InstallationParts, 'feed' | 'mark' | 'checkpoints'>,
  identity: StoreIdentity,
  onTrouble: (name: string, error: unknown, stopped: boolean) => void,
): Follower {
  const name = 'high-water-mark';
  let written = 0n;
  let doneAt = performance.now();
  let fallenBack: string | undefined;
  let writing: Promise<void> = Promise.resolve();
  let keeper: string | undefined;
  const stop = (why: string): void => {
    fallenBack ??= why;
    clearInterval(timer);
    onTrouble(name, new StoreRefused(fallenBack), true);
  };
  const write = async (): Promise<void> => {
    try {
      const position = await parts.feed.head();
      if (position < written) {
        return stop(`the store ends at ${position}, though ${written} was reached: it was restored while in use`);
      }
      const [keptBy, kept] = await Promise.all([parts.mark.keeper(), parts.mark.read(identity.store)]);
      keeper ??= keptBy;
      if (keptBy !== keeper) return stop(`the key store is ${keptBy} now, and was ${keeper}`);
      if (written > 0n && (kept === undefined || isBehind(kept, { epoch: identity.epoch, position: written }))) {
        return stop(
          `the key store knows the store up to ${kept?.position ?? 0n}, though ${written} was told to it: it was restored ` +
            'while in use',
        );
      }
      if (position > written) await tellMark(parts, { ...identity, position });
      written = position;
      doneAt = performance.now();
    } catch (error) {
      onTrouble(name, error, false);
    }
  };
  const timer = setInterval(() => {
    writing = writing.then(write);
  }, MARK_EVERY);
  timer.unref();
  return {
    status: () => ({
      name,
      state: fallenBack === undefined ? 'running' : 'stopped',
      position: written,
      silentFor: performance.now() - doneAt,
      behindFor: performance.now() - doneAt,
      ...(fallenBack === undefined ? {} : { stoppedBy: { reason: fallenBack } }),
    }),
    waitFor: async (position) => written >= position,
    async stop() {
      clearInterval(timer);
      await writing;
      if (fallenBack === undefined) await write();
    },
  };
}
