import type { ParkedStep, ParkedSteps } from '#libs/eventing';

export class MemoryParkedSteps implements ParkedSteps {
  readonly #steps = new Map<string, ParkedStep>();

  async park(step: ParkedStep): Promise<void> {
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

  async remove(process: string, position: bigint): Promise<boolean> {
    return this.#steps.delete(keyOf(process, position));
  }
}

const keyOf = (process: string, position: bigint): string => `${position} ${process}`;
