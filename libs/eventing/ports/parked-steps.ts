import type { StreamId } from '#libs/kernel';
import type { Fence } from './leases.js';
import type { Checkpoint } from './projection-store.js';

/** A step of a process that was put aside, at the event that asks for it. */
export interface ParkedStep {
  /** Name of the process manager. */
  readonly process: string;
  /** Where its event stands. */
  readonly at: Checkpoint;
  readonly stream: StreamId;
  readonly type: string;
  /** Why, in words without personal data. */
  readonly reason: string;
  /**
   * `failed` = a person has to decide; `released` = a person wants it tried again; `waiting` = never tried, it stands
   * behind another step of its stream.
   */
  readonly state: 'failed' | 'released' | 'waiting';
}

/**
 * Where process managers put aside what can't succeed, so that what stands behind it goes on. With a fence that does not
 * stand any more nothing is changed: MUST reject with `Fenced`, checked in the transaction of the change.
 */
export interface ParkedSteps {
  /** Puts a step aside. One that is there already (same process and place) gets the new reason and state. */
  park(step: ParkedStep, fence?: Fence): Promise<void>;
  /** Of one process, or of all: by process, then in the order of their places. */
  list(process?: string): Promise<readonly ParkedStep[]>;
  /** Wants a failed step tried again. False when there is none at this place. */
  release(process: string, position: bigint): Promise<boolean>;
  /** It is done, or given up. False when there is none at this place. */
  remove(process: string, position: bigint, fence?: Fence): Promise<boolean>;
}
