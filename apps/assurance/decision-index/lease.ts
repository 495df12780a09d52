import { EndingUnknown, type DecisionInstances, type HeldLease } from '#libs/eventing';

/** Pages in which nothing ended are told together, at most this often, in milliseconds. */
const GATHERING = 25;

export interface LeaseParts {
  readonly instances: DecisionInstances;
  readonly instance: string;
  readonly milliseconds: number;
  /** Types of events that end something, as far as this instance knows. */
  readonly ending: readonly string[];
  /** Everything up to here has been applied. */
  readonly position: () => bigint;
  /** Newest place of the store. */
  readonly head: () => Promise<bigint>;
  /** `stopped`: it will not answer any more. */
  readonly onTrouble: (error: unknown, stopped: boolean) => void;
}

/** The right to answer, for as long as others count on this instance (interfaces.md §8). */
export interface Lease {
  readonly current: boolean;
  /** As the store granted it last; a record of an answer names it. Undefined before the first and after the last. */
  readonly held: HeldLease | undefined;
  /** Why there will be no answer any more. */
  readonly fenced: string | undefined;
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
 * was not there for a moment (at the start, after a lapse, after somebody took it away), revocations may have been
 * answered without us, so that everything recorded by then has to be applied before the next answer. The clock of this
 * process is not enough to notice that: it stands still while the machine is paused. The store says so with every grant,
 * and again with the record of every answer.
 *
 * It renews after pages, and every third of the lease when it knows by the store's head that there was nothing to see.
 * A feed that stands still therefore lets the lease run out.
 */
export function lease(parts: LeaseParts): Lease {
  const { instances, instance, milliseconds, position, head } = parts;
  /** By the clock of this process; begins to count before the store's does, so it ends first. */
  let heldUntil = 0;
  let held: HeldLease | undefined;
  let fenced: string | undefined;
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
    const granted = await instances.renew(instance, position(), milliseconds, parts.ending);
    // Judged now and not at the start: the old entry may have run out while the new one was on its way.
    const lapsed = performance.now() >= heldUntil || granted.stretch !== held?.stretch;
    if (ended) return;
    heldUntil = startedAt + milliseconds;
    held = granted;
    if (lapsed) proof = undefined;
    if (proof === undefined) proof = await head();
    troubled = false;
  };

  const trouble = (error: unknown): void => {
    if (error instanceof EndingUnknown) return fence(error);
    if (!troubled) parts.onTrouble(error, false);
    troubled = true;
  };

  /** For good: only another version can know what it does not. */
  const fence = (error: EndingUnknown): void => {
    ended = true;
    held = undefined;
    fenced = error.message;
    clearInterval(regular);
    clearTimeout(gathering);
    parts.onTrouble(error, true);
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
      .catch(trouble)
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
      trouble(error);
    }
  };

  return {
    get current() {
      return !ended && proof !== undefined && position() >= proof && performance.now() < heldUntil;
    },
    get held() {
      return held;
    },
    get fenced() {
      return fenced;
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
      held = undefined;
      await renewing;
      await instances.leave(instance).catch((error: unknown) => parts.onTrouble(error, false));
    },
  };
}
