import type { Follower, FollowerStatus } from './follower.js';
import { START } from './ports/event-store.js';
import { Fenced, type Leases } from './ports/leases.js';
import { startProcessManager, type ProcessManager, type ProcessManagerParts } from './process-manager.js';
import { runAsWinner } from './run-as-winner.js';

export interface InTurnParts extends Omit<ProcessManagerParts, 'fence'> {
  readonly leases: Leases;
  /** Of this process; for people who look at the lease. */
  readonly holder: string;
  /** So long nobody acts after whoever did was killed. Absent: three seconds. */
  readonly leaseMilliseconds?: number;
}

const LEASE = 3_000;
/** How often a process that stands by looks how far the other one is, in milliseconds. */
const LOOK_EVERY = 1_000;

/**
 * A process manager of which several processes have one each and one acts: the others stand by, and one of them goes on
 * where it was when it ends, dies or hangs. One that stopped for good lets the next try, which may be of a version that can
 * go on, and does not come back before its process is started again.
 */
export function startProcessManagerInTurn(manager: ProcessManager, parts: InTurnParts): Follower {
  const { leases, holder, leaseMilliseconds = LEASE, checkpoints, onTrouble, ...others } = parts;
  const { name } = manager;
  let acting: Follower | undefined;
  /** As it was when it stopped for a person. */
  let stopped: FollowerStatus | undefined;
  let ended = false;
  let reached = START;
  let lookedAt = performance.now();

  const winner = runAsWinner({
    leases,
    name: `process/${name}`,
    holder,
    milliseconds: leaseMilliseconds,
    async work(turn, signal) {
      let over!: () => void;
      const done = new Promise<void>((resolve) => (over = resolve));
      signal.addEventListener('abort', over, { once: true });
      const follower = startProcessManager(manager, {
        ...{ ...others, checkpoints, fence: turn },
        onTrouble(of, error, forGood) {
          // Another one has the turn: nothing was written, and there is nothing to tell.
          if (error instanceof Fenced) return over();
          onTrouble?.(of, error, forGood);
          if (forGood) over();
        },
      });
      acting = follower;
      await done;
      const status = follower.status();
      if (status.state === 'stopped') {
        stopped = status;
        void winner.stop();
      }
      await follower.stop();
      reached = follower.status().position;
      acting = undefined;
    },
    onTrouble: (_name, error) => onTrouble?.(name, error, false),
  });

  const looking = setInterval(() => {
    if (acting !== undefined || stopped !== undefined) return;
    void checkpoints.read(name).then(
      (checkpoint) => {
        reached = checkpoint?.position ?? reached;
        lookedAt = performance.now();
      },
      // It is looked again; who acts is told himself that the store is away.
      () => undefined,
    );
  }, LOOK_EVERY);
  looking.unref();

  return {
    status: () =>
      acting?.status() ??
      stopped ?? {
        name,
        state: ended ? 'ended' : 'standing-by',
        position: reached,
        silentFor: performance.now() - lookedAt,
        // How far the one who acts lies behind is his to say.
        behindFor: 0,
        ...(manager.mayLag === undefined ? {} : { mayLag: manager.mayLag }),
      },
    async waitFor(position, milliseconds) {
      const end = performance.now() + milliseconds;
      for (;;) {
        if (acting !== undefined) return acting.waitFor(position, Math.max(0, end - performance.now()));
        if (reached >= position) return true;
        if (stopped !== undefined || ended || performance.now() >= end) return false;
        await new Promise((resolve) => setTimeout(resolve, Math.min(50, end - performance.now())));
      }
    },
    async stop() {
      ended = true;
      clearInterval(looking);
      await winner.stop();
    },
  };
}
