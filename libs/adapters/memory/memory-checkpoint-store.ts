import { CheckpointMoved, type Checkpoint, type CheckpointStore } from '#libs/eventing';

export class MemoryCheckpointStore implements CheckpointStore {
  readonly #checkpoints = new Map<string, Checkpoint>();

  async read(name: string): Promise<Checkpoint | undefined> {
    return this.#checkpoints.get(name);
  }

  async move(name: string, from: Checkpoint | undefined, to: Checkpoint): Promise<void> {
    if (!sameCheckpoint(this.#checkpoints.get(name), from)) throw new CheckpointMoved(`checkpoint of ${name} moved`);
    this.#checkpoints.set(name, { ...to });
  }
}

export const sameCheckpoint = (a: Checkpoint | undefined, b: Checkpoint | undefined): boolean =>
  a?.store === b?.store && a?.epoch === b?.epoch && a?.position === b?.position && a?.event === b?.event;
