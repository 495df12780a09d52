import type { DecisionInstances } from '#libs/eventing';

/** Pages in which nothing ended are told together, at most this often, in milliseconds. */
const GATHERING = 25;

export interface LeaseParts {
  readonly instances: DecisionInstances;
  readonly instance: string;
  readonly milliseconds: number;
  /** Everything up to here has been applied. */
  readonly position: () => bigint;
  /** Newest place of the store. */
  readonly head: () => Promise<bigint>;
  readonly onTrouble?: (error: unknown) => void;
}

/** The right to answer, for as long as others count on this instance (interfaces.md §8). */
export interface Lease {
  readonly current: boolean;
  /** Joins the live instances; before that there is nothing to answer from. */
  begin(): void;
  /** A page was applied. `ended`: something in it ended, and whoever ended it waits for us to have seen it. */
  moved(page: { readonly ended: boolean; readonly caughtUp: boolean }): void;
  /** Answers no more, then leaves. */
  stop(): Promise<void>;
}

/**
 * Holds the lease of one decision instance.
 *
 * It answers only while its entry stands among the live instances: a revocation then waits for it. Whenever the entry
 * was not there for a moment (at the start, after a lapse), revocations may have been answered without us, so that
 * everything recorded by then has to be applied before the next answer.
 *
 * It renews after pages, and every third of the lease when it knows by the store's head that there was nothing to see.
 * A feed that stands still therefore lets the lease run out.
 */
export function lease(parts: LeaseParts): Lease {
  const { instances, instance, milliseconds, position, head } = parts;
  /** By the clock of this process; begins to count before the store's does, so it ends first. */
  let heldUntil = 0;
  /** What has to be applied before the first answer of this stretch; unknown until asked for. */
  let proof: bigint | undefined;
  let ended = false;
  let troubled = false;
  let renewing: Promise<void> | undefined;
  let again = false;
  let gathering: NodeJS.Timeout | undefined;
  let regular: NodeJS.Timeout | undefined;

  const renewOnce = async (): Promise<void> => {
    const startedAt = performance.now();
    await instances.renew(instance, position(), milliseconds);
    // Judged now and not at the start: the old entry may have run out while the new one was on its way.
    const lapsed = performance.now() >= heldUntil;
    if (ended) return;
    heldUntil = startedAt + milliseconds;
    if (lapsed) proof = undefined;
    if (proof === undefined) proof = await head();
    troubled = false;
  };

  const renew = (): void => {
    if (ended) return;
    if (renewing !== undefined) {
      again = true;
      return;
    }
    clearTimeout(gathering);
    gathering = undefined;
    renewing = renewOnce()
      .catch((error: unknown) => {
        if (!troubled) parts.onTrouble?.(error);
        troubled = true;
      })
      .finally(() => {
        renewing = undefined;
        if (!again) return;
        again = false;
        renew();
      });
  };

  const renewIfNothingToSee = async (): Promise<void> => {
    try {
      if (position() >= (await head())) renew();
    } catch (error) {
      if (!troubled) parts.onTrouble?.(error);
      troubled = true;
    }
  };

  return {
    get current() {
      return !ended && proof !== undefined && position() >= proof && performance.now() < heldUntil;
    },

    begin() {
      regular ??= setInterval(() => void renewIfNothingToSee(), milliseconds / 3);
      void renewIfNothingToSee();
    },

    moved(page) {
      // Who is not counted on joins when he has caught up: until then every revocation would wait for him in vain.
      if (performance.now() >= heldUntil && !page.caughtUp) return;
      if (page.ended) renew();
      else gathering ??= setTimeout(renew, Math.min(GATHERING, milliseconds / 6));
    },

    async stop() {
      ended = true;
      clearInterval(regular);
      clearTimeout(gathering);
      await renewing;
      await instances.leave(instance).catch((error: unknown) => parts.onTrouble?.(error));
    },
  };
}
