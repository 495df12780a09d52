import { randomUUID } from 'node:crypto';
import { INSTALLATION_STREAM, instantFromEpoch, type Instant } from '#libs/kernel';
import type { CommandHandler, EventFeed, Follower, HighWaterMark, StoreIdentity } from '#libs/eventing';
import { installationDecider, type Installation, type InstallationCommand } from '#libs/domain';

/** The store is not the one this installation knows: another participant's, or restored from an older backup. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused';
}

interface InstallationParts {
  readonly commands: CommandHandler;
  readonly feed: EventFeed;
  readonly mark: HighWaterMark;
  readonly oin: string;
}

const SYSTEM = 'installation';

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
    const facts = outcome.rejections[0]?.facts;
    throw new StoreRefused(
      `The store belongs to the participant with OIN ${String(facts?.['recorded'])}, the configuration names ${parts.oin}. ` +
        'Start with the OIN the store was made for, or with another database.',
    );
  }
  // Not the outcome's state: that of a repeated command is the first answer, and the store may have been restored since.
  return (await parts.commands.load(installationDecider, INSTALLATION_STREAM)).state;
}

/**
 * Makes an empty store this participant's and answers which store it is; refuses one of another participant and one
 * that lies behind its high-water mark (interfaces.md §1, §9).
 */
export async function identifyStore(parts: InstallationParts): Promise<StoreIdentity> {
  // The mark first: it is written after the store is made, so that two processes that start at once don't mistake it.
  const known = await parts.mark.stores();
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
  const state = await decide(parts, `initialize-${store}`, {
    type: 'InitializeStore',
    store,
    oin: parts.oin,
    now: now(),
  });
  if (state.status === 'none') throw new StoreRefused('the store could not be initialized');
  const identity = { store: state.store, epoch: state.epoch };
  const mark = await parts.mark.read(identity.store);
  const head = await parts.feed.head();
  if (mark === undefined) await parts.mark.write(identity.store, { epoch: identity.epoch, position: head });
  else if (mark.epoch > identity.epoch || (mark.epoch === identity.epoch && mark.position > head)) {
    throw new StoreRefused(
      `The store ends at position ${head}, but position ${mark.position} was reached before: it was restored from an ` +
        'older backup. If that is intended: npm run adopt-restored-store -- --reason "…"',
    );
  }
  return identity;
}

/** A person's decision to go on with a store that was restored from an older backup (interfaces.md §9). */
export async function adoptRestoredStore(parts: InstallationParts, reason: string): Promise<StoreIdentity> {
  const { state: before } = await parts.commands.load(installationDecider, INSTALLATION_STREAM);
  if (before.status === 'none') throw new StoreRefused('The store is empty: there is nothing to adopt.');
  const mark = await parts.mark.read(before.store);
  const head = await parts.feed.head();
  if (mark === undefined || mark.epoch < before.epoch || (mark.epoch === before.epoch && mark.position <= head)) {
    throw new StoreRefused('The store does not lie behind its high-water mark: there is nothing to adopt.');
  }
  const state = await decide(parts, `adopt-${before.store}-${before.epoch}-${head}`, {
    type: 'AdoptRestoredStore',
    epoch: Math.max(before.epoch, mark.epoch) + 1,
    oldMark: String(mark.position),
    newHead: String(head),
    reason,
    now: now(),
  });
  if (state.status === 'none') throw new StoreRefused('the store could not be adopted');
  const identity = { store: state.store, epoch: state.epoch };
  await parts.mark.write(identity.store, { epoch: identity.epoch, position: await parts.feed.head() });
  return identity;
}

/** How often the mark is written while the store grows, in milliseconds (interfaces.md §9: at most a second behind). */
const MARK_EVERY = 500;

/**
 * Writes the high-water mark for as long as it runs, and watches that the store does not fall behind it: a store that was
 * restored under a running process would give out its positions a second time. It is stopped then, and the process is
 * not ready any more.
 */
export function keepHighWaterMark(
  parts: Pick<InstallationParts, 'feed' | 'mark'>,
  identity: StoreIdentity,
  onTrouble: (name: string, error: unknown, stopped: boolean) => void,
): Follower {
  const name = 'high-water-mark';
  let written = 0n;
  let doneAt = performance.now();
  let fallenBack: string | undefined;
  let writing: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    try {
      const position = await parts.feed.head();
      if (position < written) {
        fallenBack ??= `the store ends at ${position}, though ${written} was reached: it was restored while in use`;
        clearInterval(timer);
        onTrouble(name, new StoreRefused(fallenBack), true);
        return;
      }
      if (position > written) await parts.mark.write(identity.store, { epoch: identity.epoch, position });
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
