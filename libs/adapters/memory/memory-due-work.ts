import type { DueItem, DueWork, DueWorkFigures, Fence, ItemKey, KeptItem, Reactions } from '#libs/eventing';
import type { Instant, StreamId } from '#libs/kernel';
import type { MemoryLeases } from './memory-leases.js';

export class MemoryDueWork implements DueWork, Reactions {
  readonly #items = new Map<string, KeptItem>();
  readonly #taken = new Map<string, { readonly epoch: number; readonly position: bigint }>();
  readonly #leases: MemoryLeases;
  #place = 0n;

  constructor(leases: MemoryLeases) {
    this.#leases = leases;
  }

  async enqueue(items: readonly DueItem[], fence?: Fence): Promise<void> {
    this.#leases.demand(fence);
    this.#add(items);
  }

  async take(
    reaction: string,
    { stream, epoch, position }: { readonly stream: StreamId; readonly epoch: number; readonly position: bigint },
    items: readonly DueItem[],
  ): Promise<boolean> {
    const key = `${stream} ${reaction}`;
    const known = this.#taken.get(key);
    const isNewer = known === undefined || epoch > known.epoch || (epoch === known.epoch && position > known.position);
    if (!isNewer) return false;
    this.#taken.set(key, { epoch, position });
    this.#add(items);
    return true;
  }

  async due(kind: string, now: Instant, limit: number, perLane = limit): Promise<readonly KeptItem[]> {
    const ranks = new Map<string, number>();
    const met = new Set<string>();
    return [...this.#items.values()]
      .filter((item) => item.kind === kind && isOpen(item))
      .filter(({ group }) => !met.has(group) && met.add(group))
      .filter(({ state, dueAt }) => state === 'waiting' && dueAt <= now)
      .sort(byMoment)
      .map((item) => {
        const rank = (ranks.get(item.lane) ?? 0) + 1;
        ranks.set(item.lane, rank);
        return { item, rank };
      })
      .filter(({ rank }) => rank <= perLane)
      .sort((a, b) => a.rank - b.rank || byMoment(a.item, b.item))
      .slice(0, limit)
      .map(({ item }) => item);
  }

  async done(item: ItemKey, at: Instant, fence?: Fence): Promise<boolean> {
    return this.#change('waiting', item, { state: 'done', endedAt: at }, fence);
  }

  async again(item: ItemKey, dueAt: Instant, reason: string, fence?: Fence): Promise<boolean> {
    const attempts = (this.#items.get(keyOf(item))?.attempts ?? 0) + 1;
    return this.#change('waiting', item, { dueAt, reason, attempts }, fence);
  }

  async explain(item: ItemKey, reason: string): Promise<boolean> {
    return this.#change('waiting', item, { reason });
  }

  async park(item: ItemKey, reason: string, fence?: Fence): Promise<boolean> {
    return this.#change('waiting', item, { state: 'parked', reason }, fence);
  }

  async release(item: ItemKey, at: Instant): Promise<boolean> {
    return this.#change('parked', item, { state: 'waiting', dueAt: at, since: at, attempts: 0 });
  }

  async drop(item: ItemKey, at: Instant): Promise<boolean> {
    return this.#change('parked', item, { state: 'dropped', endedAt: at });
  }

  async find(item: ItemKey): Promise<KeptItem | undefined> {
    return this.#items.get(keyOf(item));
  }

  async list(
    kind: string,
    lane: string,
    limit: number,
    { state, before }: { readonly state?: KeptItem['state']; readonly before?: bigint } = {},
  ): Promise<readonly KeptItem[]> {
    return [...this.#items.values()]
      .filter((item) => item.kind === kind && item.lane === lane && (state === undefined || item.state === state))
      .filter(({ place }) => before === undefined || place < before)
      .reverse()
      .slice(0, limit);
  }

  async parked(kind: string, limit: number, after = 0n): Promise<readonly KeptItem[]> {
    return [...this.#items.values()]
      .filter((item) => item.kind === kind && item.state === 'parked' && item.place > after)
      .slice(0, limit);
  }

  async figures(kind: string): Promise<DueWorkFigures> {
    const items = [...this.#items.values()].filter((item) => item.kind === kind);
    const waiting = items.filter(({ state }) => state === 'waiting');
    const oldest = waiting.map(({ since }) => since).sort()[0];
    return {
      waiting: waiting.length,
      parked: items.filter(({ state }) => state === 'parked').length,
      ...(oldest === undefined ? {} : { oldest }),
    };
  }

  async prune(kind: string, before: Instant): Promise<void> {
    for (const [key, item] of this.#items) {
      if (item.kind === kind && item.endedAt !== undefined && item.endedAt < before) this.#items.delete(key);
    }
  }

  #add(items: readonly DueItem[]): void {
    for (const item of items) {
      if (this.#items.has(keyOf(item))) continue;
      this.#place += 1n;
      this.#items.set(keyOf(item), {
        ...{ ...item, lane: item.lane ?? '', place: this.#place, state: 'waiting', attempts: 0, since: item.dueAt },
      });
    }
  }

  #change(from: KeptItem['state'], item: ItemKey, changes: Partial<KeptItem>, fence?: Fence): boolean {
    this.#leases.demand(fence);
    const known = this.#items.get(keyOf(item));
    if (known?.state !== from) return false;
    this.#items.set(keyOf(item), { ...known, ...changes });
    return true;
  }
}

const keyOf = ({ kind, id }: ItemKey): string => `${kind} ${id}`;
const isOpen = ({ state }: KeptItem): boolean => state === 'waiting' || state === 'parked';
const byMoment = (a: KeptItem, b: KeptItem): number =>
  a.dueAt === b.dueAt ? Number(a.place - b.place) : a.dueAt < b.dueAt ? -1 : 1;
