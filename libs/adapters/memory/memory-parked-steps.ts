import type { Fence, ParkedStep, ParkedSteps } from '#libs/eventing';
import type { MemoryLeases } from './memory-leases.js';

export class MemoryParkedSteps implements ParkedSteps {
  readonly #steps = new Map<string, ParkedStep>();
  readonly #leases: MemoryLeases;

  constructor(leases: MemoryLeases) {
    this.#leases = leases;
  }

  async park(step: ParkedStep, fence?: Fence): Promise<void> {
    this.#leases.demand(fence);
    this.#steps.set(keyOf(step.process, step.at.position), { ...step, at: { ...step.at } });
  }

  async list(process?: string): Promise<readonly ParkedStep[]> {
    return [...this.#steps.values()]
      .filter((step) => process === undefined || step.process === process)
      .sort((a, b) =>
        a.process === b.process ? Number(a.at.position - b.at.position) : a.process < b.process ? -1 : 1,
      );
  }

  async release(process: string, position: bigint): Promise<boolean> {
    const step = this.#steps.get(keyOf(process, position));
    if (step?.state === 'failed') this.#steps.set(keyOf(process, position), { ...step, state: 'released' });
    return step?.state === 'failed';
  }

  async remove(process: string, position: bigint, fence?: Fence): Promise<boolean> {
    this.#leases.demand(fence);
    return this.#steps.delete(keyOf(process, position));
  }
}

const keyOf = (process: string, position: bigint): string => `${position} ${process}`;
