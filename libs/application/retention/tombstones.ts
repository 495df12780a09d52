import {
  categoryOf,
  epochOf,
  objectIdOf,
  streamId,
  type DomainEvent,
  type Instant,
  type PartyId,
  type Recorded,
} from '#libs/kernel';
import { derivedId } from '#libs/eventing';
import { partyDecider } from '#libs/domain';
import { RETENTION_YEARS } from '#libs/scheme';
import { destroyedObjectsProjection } from '../read-models/destroyed-objects.js';
import type { Backbone } from '../backbone.js';
import type { ReadModels, Tombstones } from '../ports.js';
import { happenedAt, KEPT_KINDS, type KeptKind, type KeptName } from './ties.js';

/** Names that are looked up together. */
const TOGETHER = 100;

/**
 * Nothing goes before seven years from its last fact (ARCH-10). A year less, since clocks differ; and counted in days rather than
 * by the calendar, since it is asked of every object of every command.
 */
const SURELY_KEPT = (RETENTION_YEARS - 1) * 365 * 86_400_000;

/** By every fact that is on record now; or, where that is not waited for, by what has come in here. */
export const tombstones =
  ({ store, upToDate }: Pick<ReadModels, 'store' | 'upToDate'>, { waits }: { readonly waits: boolean }): Tombstones =>
  async (names) => {
    const found = new Set<KeptName>();
    if (names.length === 0) return found;
    if (waits) await upToDate(destroyedObjectsProjection as never);
    for (let from = 0; from < names.length; from += TOGETHER) {
      const rows = await store.load(destroyedObjectsProjection, names.slice(from, from + TOGETHER));
      for (const name of rows.keys()) found.add(name as KeptName);
    }
    return found;
  };

export const noTombstones: Tombstones = () => Promise.resolve(new Set());

type History = readonly Recorded<DomainEvent>[];

/**
 * Of each of these histories whether its object was destroyed. Nothing is looked up of one that is too young for that, as nearly
 * all are.
 */
export const destroyedIn =
  (among: Tombstones, now: () => Instant) =>
  async (histories: readonly History[]): Promise<readonly boolean[]> => {
    const names = histories.map((history) => nameOf(history, now()));
    const destroyed = await among([...new Set(names.flatMap((name) => name ?? []))]);
    return names.map((name) => name !== undefined && destroyed.has(name));
  };

function nameOf([first]: History, now: Instant): KeptName | undefined {
  if (first === undefined) return undefined;
  const { stream } = first.metadata;
  const kind = categoryOf(stream);
  if (!(KEPT_KINDS as readonly string[]).includes(kind)) return undefined;
  const happened = happenedAt(first);
  const since = happened < first.recordedAt ? happened : first.recordedAt;
  if (epochOf(now) - epochOf(since) < SURELY_KEPT) return undefined;
  return `${kind as KeptKind}/${objectIdOf(stream)}`;
}

/**
 * Rows of a list without those of what was destroyed. `kind`: of what it is a list; absent: of nothing
 * that is ever destroyed.
 */
export async function leftOf<R>(
  { destroyed }: Pick<Backbone, 'destroyed'>,
  kind: KeptKind | undefined,
  rows: readonly R[],
  idOf: (row: R) => string,
): Promise<readonly R[]> {
  if (kind === undefined || rows.length === 0) return rows;
  const gone = await destroyed(rows.map((row): KeptName => `${kind}/${idOf(row)}`));
  return gone.size === 0 ? rows : rows.filter((row) => !gone.has(`${kind}/${idOf(row)}`));
}

/**
 * The id of the party with this number in a register, on record or not. It follows from the number, so that there is one per
 * number (interfaces.md §3); one that was destroyed leaves its number free for another.
 */
export async function partyIdOf(
  { participant, commands }: Pick<Backbone, 'participant' | 'commands'>,
  register: string,
  number: string,
): Promise<PartyId> {
  // Each was destroyed at least seven years after the one before: there are a handful in a century.
  for (let id = derivedId('party', participant.oin, register, number) as PartyId; ;) {
    const { state, revision } = await commands.load(partyDecider, streamId('party', id));
    if (state.status !== 'none' || revision === 'no-stream') return id;
    id = derivedId('party', participant.oin, register, number, id) as PartyId;
  }
}
