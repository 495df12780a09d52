import {
  CheckpointLost,
  CheckpointMoved,
  type Checkpoint,
  type CosignedCheckpoint,
  type Fence,
  type GivenIndex,
  type KeptRecord,
  type RecordToSequence,
  type SequencedEntry,
  type SequencedLog,
  type SignedCheckpoint,
} from '#libs/eventing';
import type { MemoryCheckpointStore } from './memory-checkpoint-store.js';
import type { MemoryLeases } from './memory-leases.js';

/** Keeps the log's table for as long as the process lives. */
export class MemorySequencedLog implements SequencedLog {
  readonly #entries: SequencedEntry[] = [];
  /** Contents by the ids that they came under. */
  readonly #known = new Map<string, Set<string>>();
  /** Ids whose records are gone. */
  readonly #destroyed = new Set<string>();
  readonly #checkpoints: SignedCheckpoint[] = [];
  #cosigned: CosignedCheckpoint | undefined;
  readonly #feeds: MemoryCheckpointStore;
  readonly #leases: MemoryLeases;

  constructor(feeds: MemoryCheckpointStore, leases: MemoryLeases) {
    this.#feeds = feeds;
    this.#leases = leases;
  }

  async sequence(
    feed: string,
    from: Checkpoint | undefined,
    to: Checkpoint,
    records: readonly RecordToSequence[],
    fence: Fence,
    signed?: Pick<SignedCheckpoint, 'size' | 'root'>,
  ): Promise<number> {
    this.#leases.demand(fence);
    if (signed !== undefined && !this.#checkpoints.some((each) => isSame(each, signed))) {
      throw new CheckpointLost(signed.size);
    }
    this.#feeds.moveNow(feed, from, to, fence);
    for (const { id, content, salt, record, entry } of records) {
      const known = this.#known.get(id) ?? new Set();
      this.#known.set(id, known);
      const digest = Buffer.from(content).toString('hex');
      if (known.has(digest) || this.#destroyed.has(id)) continue;
      known.add(digest);
      this.#entries.push({ id, entry, kept: { salt, record } });
    }
    return this.#entries.length;
  }

  async size(): Promise<number> {
    return this.#entries.length;
  }

  async entries(from: number, to: number): Promise<readonly Uint8Array[]> {
    return this.#entries.slice(from, to).map(({ entry }) => entry);
  }

  async at(index: number): Promise<SequencedEntry | undefined> {
    return this.#entries[index];
  }

  async indexOf(id: string): Promise<number | undefined> {
    const index = this.#entries.findLastIndex((entry) => entry.id === id && entry.kept !== undefined);
    return index < 0 ? undefined : index;
  }

  async kept(from: number, to: number): Promise<readonly KeptRecord[]> {
    return this.#entries
      .slice(from, to)
      .flatMap(({ kept }, at) => (kept === undefined ? [] : [{ index: from + at, ...kept }]));
  }

  async indexesOf(ids: readonly string[]): Promise<readonly GivenIndex[]> {
    const asked = new Set(ids);
    return this.#entries.flatMap(({ id, kept }, index) =>
      id !== undefined && asked.has(id) ? [{ index, id, kept: kept !== undefined }] : [],
    );
  }

  async destroy(indexes: readonly number[]): Promise<void> {
    for (const index of indexes) {
      const known = this.#entries[index];
      if (known?.kept === undefined) continue;
      const { entry, id } = known;
      this.#entries[index] = { entry, ...(id === undefined ? {} : { id }) };
      if (id !== undefined) this.#destroyed.add(id);
    }
  }

  async newest(): Promise<SignedCheckpoint | undefined> {
    return this.#checkpoints.at(-1);
  }

  async store(checkpoint: SignedCheckpoint, from: number, fence: Fence): Promise<void> {
    this.#leases.demand(fence);
    const newest = this.#checkpoints.at(-1)?.size ?? 0;
    if (newest !== from || checkpoint.size <= newest || checkpoint.size > this.#entries.length) {
      throw new CheckpointMoved(`a checkpoint of ${checkpoint.size} entries is not the next behind ${from}`);
    }
    this.#checkpoints.push(checkpoint);
  }

  async cosigned(): Promise<CosignedCheckpoint | undefined> {
    return this.#cosigned;
  }

  async keepCosigned({ size, note }: CosignedCheckpoint): Promise<boolean> {
    if (size < (this.#cosigned?.size ?? 0) || !this.#checkpoints.some((each) => each.size === size)) return false;
    this.#cosigned = { size, note };
    return true;
  }

  async adopt(entries: readonly Uint8Array[], from: number, checkpoint: SignedCheckpoint): Promise<void> {
    const newest = this.#checkpoints.at(-1)?.size ?? 0;
    const { size } = checkpoint;
    if (this.#entries.length !== from || size <= newest || size > from + entries.length) {
      throw new CheckpointMoved(`there are not ${from} entries, or a later checkpoint than of ${size}`);
    }
    for (const entry of entries) this.#entries.push({ entry });
    this.#checkpoints.push(checkpoint);
  }
}

const isSame = (
  one: Pick<SignedCheckpoint, 'size' | 'root'>,
  other: Pick<SignedCheckpoint, 'size' | 'root'>,
): boolean => one.size === other.size && Buffer.from(one.root).equals(other.root);
