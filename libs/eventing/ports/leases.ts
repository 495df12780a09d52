import type { Instant } from '#libs/kernel';

/** The right to act under a name for a while. */
export interface Turn {
  readonly name: string;
  readonly holder: string;
  /** Fence of whatever is done in this turn: rises with every new holding of the name. */
  readonly token: bigint;
  /** By the store's clock. A holder goes by a clock of its own that is never set, and stops before. */
  readonly until: Instant;
}

/** By which an effect names the turn in which it is made. */
export type Fence = Pick<Turn, 'name' | 'token'>;

/**
 * Turns at what one process at a time does. A clock decides no more than when somebody else may try: it may be set, and a
 * holder may be paused for as long as it likes. That no two act is held by the token, which every effect checks in its
 * own transaction.
 */
export interface Leases {
  /**
   * Takes the name, or renews it for `milliseconds` from now on where `holder` has it. `undefined` = another one has it.
   *
   * MUST give a token that is higher than every earlier one of the name to each new holding, also to one of the same holder
   * after its lease had run out; a renewal keeps it. Of several that take at once one MUST win. MUST be durable and
   * visible to every process when it resolves.
   *
   * A lease has run out by the store's clock, or by the caller's own (one that is never set) when it saw no renewal for as
   * long as the lease lasts: a clock that was set back holds nobody up.
   */
  take(name: string, holder: string, milliseconds: number): Promise<Turn | undefined>;

  /** The holder acts no more: the name is free at once. Leaves alone what another one has taken by now. */
  leave(turn: Turn): Promise<void>;

  /** Whether this token is still the newest of its name. */
  stands(turn: Fence): Promise<boolean>;
}

/** The fence of an effect does not stand any more: another one has the turn. Nothing was written. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
  constructor({ name, token }: Fence) {
    super(`turn ${token} at ${name} is over: another process has it`);
  }
}
