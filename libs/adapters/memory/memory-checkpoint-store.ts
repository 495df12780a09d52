import { CheckpointMoved, type Checkpoint, type CheckpointStore, type Fence } from '#libs/eventing';
import type { MemoryLeases } from './memory-leases.js';

export class MemoryCheckpointStore implements CheckpointStore {
  readonly #checkpoints = new Map<string, Checkpoint>();
  readonly #leases: MemoryLeases;

  constructor(leases: MemoryLeases) {
    this.#leases = leases;
  }

  async read(name: string): Promise<Checkpoint | undefined> {
    return this.#checkpoints.get(name);
  }

  async move(name: string, from: Checkpoint | undefined, to: Checkpoint, fence?: Fence): Promise<void> {
    this.moveNow(name, from, to, fence);
  }

  /** In the same turn of the event loop as what moves with it. */
  moveNow(name: string, from: Checkpoint | undefined, to: Checkpoint, fence: Fence | undefined): void {
    this.#leases.demand(fence);
    if (!sameCheckpoint(this.#checkpoints.get(name), from)) throw new CheckpointMoved(`checkpoint of ${name} moved`);
    this.#checkpoints.set(name, { ...to });
  }
}

export const sameCheckpoint = (a: Checkpoint | undefined, b: Checkpoint | undefined): boolean =>
  a?.store === b?.store && a?.epoch === b?.epoch && a?.position === b?.position && a?.event === b?.event;
