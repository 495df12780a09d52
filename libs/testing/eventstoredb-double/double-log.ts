import { randomUUID } from 'node:crypto';

/** An event as the server keeps it. */
export interface KeptEvent extends ProposedEvent {
  readonly stream: string;
  readonly revision: number;
  /** Byte offset in the log: rises, with gaps. */
  readonly position: bigint;
  /** .NET ticks (100 ns) since 1970. */
  readonly ticks: bigint;
}

export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly metadata: Buffer;
  readonly data: Buffer;
}

export type Expected = number | 'any' | 'no-stream' | 'stream-exists';

/** What became of an append. `repeated` is told from `written` by nobody outside the server. */
export type Verdict =
  | { readonly is: 'written' | 'repeated'; readonly revision: number; readonly position: bigint | undefined }
  | { readonly is: 'wrong-version'; readonly current: number }
  | { readonly is: 'deleted' };

interface KeptStream {
  readonly events: KeptEvent[];
  /** Soft deletion hides what has a lower revision; a tombstone ends the stream for ever. */
  hiddenBefore: number;
  tombstoned: boolean;
}

/** Where the events are kept beyond the process. */
export interface Medium {
  write(events: readonly KeptEvent[]): void;
  truncate(behind: bigint): void;
}

const TICKS = 10_000n;
/** What a record takes beside its texts. */
const OVERHEAD = 77;
const METADATA_TYPE = '$metadata';
const TOMBSTONE_TYPE = '$streamDeleted';

/** The log of a server with its streams, and the rules by which an append is judged. */
export class DoubleLog {
  readonly events: KeptEvent[] = [];
  readonly #streams = new Map<string, KeptStream>();
  /** Ids written since the process began: with `any` they alone are known. */
  readonly #recent = new Map<string, KeptEvent>();
  #end = 0n;
  readonly #listeners = new Set<(written: readonly KeptEvent[]) => void>();
  readonly #now: () => number;
  readonly #medium: Medium | undefined;

  constructor(options: { readonly now: () => number; readonly kept?: readonly KeptEvent[]; readonly medium?: Medium }) {
    this.#now = options.now;
    this.#medium = options.medium;
    for (const event of options.kept ?? []) this.#take(event);
  }

  /** Where the next record begins. */
  get end(): bigint {
    return this.#end;
  }

  /** Hands over what is written from now on; answers how to stop that. */
  onChange(listener: (written: readonly KeptEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stream(name: string): 'absent' | 'tombstoned' | readonly KeptEvent[] {
    const stream = this.#streams.get(name);
    if (stream?.tombstoned === true) return 'tombstoned';
    if (stream === undefined || stream.events.length <= stream.hiddenBefore) return 'absent';
    return stream.hiddenBefore === 0 ? stream.events : stream.events.slice(stream.hiddenBefore);
  }

  /** Index of the first event at or behind the position. */
  indexOf(position: bigint): number {
    let [low, high] = [0, this.events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.events[middle]!.position < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether a record begins here; the beginning of the log always is one. */
  isPlace(position: bigint): boolean {
    return position === 0n || this.events[this.indexOf(position)]?.position === position;
  }

  append(name: string, expected: Expected, proposed: readonly ProposedEvent[]): Verdict {
    const stream = this.#streams.get(name);
    const current = (stream?.events.length ?? 0) - 1;
    const hidden = stream !== undefined && stream.hiddenBefore > 0 && stream.hiddenBefore > current;
    if (stream?.tombstoned === true) return { is: 'deleted' };
    if (expected === 'stream-exists' && (current < 0 || hidden)) {
      return hidden ? { is: 'deleted' } : { is: 'wrong-version', current };
    }
    if (expected === 'any' || expected === 'stream-exists') {
      const known = proposed.map(({ id }) => this.#recent.get(id)).filter((event) => event?.stream === name);
      const last = known.at(-1);
      if (known.length === proposed.length && last !== undefined) {
        return { is: 'repeated', revision: last.revision, position: last.position };
      }
      return known.length > 0 ? { is: 'wrong-version', current } : this.#write(name, current, proposed);
    }
    const from = expected === 'no-stream' ? -1 : expected;
    if (from > current) return { is: 'wrong-version', current };
    if (from === current) return this.#write(name, current, proposed);
    const there = proposed.filter(({ id }, index) => stream?.events[from + 1 + index]?.id === id);
    const last = stream!.events[from + proposed.length];
    if (there.length > 0 && there.length === proposed.length && last !== undefined) {
      return { is: 'repeated', revision: last.revision, position: last.position };
    }
    if (there.length === 0 && from === -1 && hidden) return this.#write(name, current, proposed);
    return { is: 'wrong-version', current };
  }

  softDelete(name: string, expected: Expected): Verdict {
    const stream = this.#streams.get(name);
    const current = (stream?.events.length ?? 0) - 1;
    if (stream?.tombstoned === true) return { is: 'deleted' };
    if (current < 0 || (typeof expected === 'number' && expected !== current)) return { is: 'wrong-version', current };
    const meta = `$$${name}`;
    return this.#write(meta, (this.#streams.get(meta)?.events.length ?? 0) - 1, [
      systemEvent(METADATA_TYPE, { $tb: Number.MAX_SAFE_INTEGER }),
    ]);
  }

  tombstone(name: string, expected: Expected): Verdict {
    const current = (this.#streams.get(name)?.events.length ?? 0) - 1;
    if (this.#streams.get(name)?.tombstoned === true) return { is: 'deleted' };
    if (typeof expected === 'number' && expected !== current) return { is: 'wrong-version', current };
    return this.#write(name, current, [systemEvent(TOMBSTONE_TYPE, {})]);
  }

  /** Forgets everything behind the position, as a disk does that is put back. Tells nobody. */
  putBack(position: bigint): void {
    const kept = this.events.slice(0, this.indexOf(position + 1n));
    this.events.length = 0;
    this.#streams.clear();
    this.#end = 0n;
    for (const event of kept) this.#take(event);
    for (const [id, event] of this.#recent) if (event.position > position) this.#recent.delete(id);
    this.#medium?.truncate(position);
  }

  #write(name: string, current: number, proposed: readonly ProposedEvent[]): Verdict {
    const ticks = BigInt(this.#now()) * TICKS;
    let end = this.#end;
    const written = proposed.map((event, index): KeptEvent => {
      const kept = { ...event, stream: name, revision: current + 1 + index, position: end, ticks };
      end += sizeOf(kept);
      return kept;
    });
    // Written before anybody sees it.
    this.#medium?.write(written);
    for (const event of written) {
      this.#take(event);
      this.#recent.set(event.id, event);
    }
    for (const listener of [...this.#listeners]) listener(written);
    // No event at all "succeeds", with a revision that says nothing.
    return { is: 'written', revision: current + proposed.length, position: written.at(-1)?.position };
  }

  #take(event: KeptEvent): void {
    this.events.push(event);
    this.#end = event.position + sizeOf(event);
    const stream = this.#streams.get(event.stream) ?? { events: [], hiddenBefore: 0, tombstoned: false };
    this.#streams.set(event.stream, stream);
    // What is written behind a soft deletion brings the stream back without what was before.
    if (stream.hiddenBefore > stream.events.length) stream.hiddenBefore = stream.events.length;
    stream.events.push(event);
    if (event.type === TOMBSTONE_TYPE) stream.tombstoned = true;
    if (event.type !== METADATA_TYPE || !event.stream.startsWith('$$')) return;
    const of = this.#streams.get(event.stream.slice(2));
    if (of !== undefined) of.hiddenBefore = Number.MAX_SAFE_INTEGER;
  }
}

/** An event of the server's own. */
export const systemEvent = (type: string, data: object): ProposedEvent => ({
  id: randomUUID(),
  type,
  contentType: 'application/json',
  metadata: Buffer.alloc(0),
  data: Buffer.from(JSON.stringify(data)),
});

const sizeOf = ({ stream, type, metadata, data }: KeptEvent): bigint =>
  BigInt(OVERHEAD + Buffer.byteLength(stream) + Buffer.byteLength(type) + metadata.length + data.length);
