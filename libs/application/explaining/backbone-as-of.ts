import { streamId, type Decider, type DomainEvent, type Instant, type StreamId } from '#libs/kernel';
import {
  START,
  type CommandHandler,
  type Condition,
  type LoadedObject,
  type Projection,
  type Query,
  type Row,
} from '#libs/eventing';
import type { RuleSet } from '#libs/scheme';
import { authorizationDecider, evidenceDecider, meansDecider } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import type { ReadModels } from '../ports.js';
import { fewAtOnce } from '../few-at-once.js';
import { pagesOf } from '../read-models/all-rows.js';
import { authorizationsProjection, type AuthorizationRow } from '../read-models/authorizations.js';
import { evidenceProjection, type EvidenceRow } from '../read-models/evidence.js';
import { keptCopiesProjection } from '../read-models/kept-copies.js';
import { meansProjection, type MeansRow } from '../read-models/means.js';
import { personLinksProjection, type PersonLinkRow } from '../read-models/person-links.js';

/**
 * The same backbone as it was before a position of the log: streams end where they ended then, rows are what the same folds
 * made of the events up to there, the clock stands still, and the rules are those that are asked for. A dossier that is put
 * together on it is put together from what was on record then, by the same code as any other. Nothing is decided on it, and
 * nothing written.
 */
export function backboneAsOf(backbone: Backbone, { before, at, rules, fold = folding(MOST_FOLDED) }: AsOf): Backbone {
  const commands = commandsAsOf(backbone.commands, before, fold);
  const store = { ...backbone.readModels.store, search: searchAsOf(backbone.readModels, commands, before) };
  const { run, fed, waitFor, upToDate } = backbone.readModels;
  return {
    ...backbone,
    commands,
    readModels: { run, fed, waitFor, upToDate, store },
    now: () => at,
    rules,
  };
}

export interface AsOf {
  readonly before: bigint;
  readonly at: Instant;
  readonly rules: RuleSet;
  /** How many objects may be folded anew; absent: `MOST_FOLDED`. */
  readonly fold?: Folding;
}

/** Objects that one decision is explained by at most: somebody may be in thousands of authorizations. */
export const MOST_FOLDED = 2_000;

/** More would have to be folded anew than one answer may cost. */
export class TooMuchOnRecord extends Error {
  override readonly name = 'TooMuchOnRecord';
}

/** What `judging` comes to; where too much would have to be folded, the code that says so, as what stands in the way. */
export async function orTooMuch<Result>(
  judging: Promise<Result>,
): Promise<Result | { readonly faults: readonly string[] }> {
  try {
    return await judging;
  } catch (error) {
    if (error instanceof TooMuchOnRecord) return { faults: ['too-much-on-record'] };
    throw error;
  }
}

/** Counts what is folded; throws `TooMuchOnRecord` before more is read than may be. */
export type Folding = (objects: number) => void;

export function folding(most: number): Folding {
  let left = most;
  return (objects) => {
    left -= objects;
    if (left < 0) throw new TooMuchOnRecord(`more than ${most} objects would have to be folded anew`);
  };
}

function commandsAsOf(
  { load, loadAll, requestHashes, knowsKey }: CommandHandler,
  before: bigint,
  fold: Folding,
): CommandHandler {
  const cut = <State, Event extends DomainEvent>(
    decider: Decider<State, never, Event>,
    { history: whole }: LoadedObject<State>,
  ): LoadedObject<State> => {
    const history = whole.filter(({ position }) => position < before);
    const last = history.at(-1);
    return {
      state: history.reduce(
        (state, event) => decider.evolve(state, event as unknown as Event),
        decider.initialState as State,
      ),
      history,
      revision: last?.revision ?? 'no-stream',
      position: last?.position ?? START,
    };
  };
  return {
    requestHashes,
    knowsKey,
    load: async (decider, stream) => {
      fold(1);
      return cut(decider, await load(decider, stream));
    },
    loadAll: async (decider, streams) => {
      fold(streams.length);
      return (await loadAll(decider, streams)).map((loaded) => cut(decider, loaded));
    },
    execute: () => Promise.reject(new Error('nothing is decided in the past')),
  };
}

type RowThen<R extends Row> = (row: R) => Promise<R | undefined>;

/** How rows of a read model are had as they were. */
interface Remembered<R extends Row> {
  /** Columns that never change: rows are found by these, and held against the others as they were. */
  readonly fixed: readonly string[];
  readonly rowThen: RowThen<R>;
}

function searchAsOf(
  { store, upToDate }: ReadModels,
  commands: CommandHandler,
  before: bigint,
): <R extends Row>(projection: Projection<R>, query: Query) => Promise<readonly R[]> {
  const ofStream =
    <R extends { readonly id: string } & Row>(
      { fold, handles }: Projection<R>,
      decider: unknown,
      streamOf: (id: string) => StreamId,
    ): RowThen<never> =>
    async ({ id }: R) => {
      const { history } = await commands.load(untyped(decider), streamOf(id));
      return history
        .filter(({ type }) => handles.includes(type))
        .reduce<R | undefined>((row, event) => fold(row, event, id), undefined) as never;
    };
  const untyped = (decider: unknown): Decider<unknown, never, DomainEvent> =>
    decider as Decider<unknown, never, DomainEvent>;
  const remembered: Readonly<Record<string, Remembered<never>>> = {
    [authorizationsProjection.name]: {
      fixed: ['id', 'application', 'authority', 'representedParty', 'authorizedPerson', 'means', 'authorizedParty'],
      rowThen: ofStream(authorizationsProjection, authorizationDecider, (id) => streamId('authorization', id)),
    },
    [meansProjection.name]: {
      fixed: ['id', 'application', 'holder', 'pseudonym', 'party'],
      rowThen: ofStream(meansProjection, meansDecider, (id) => streamId('means', id)),
    },
    // One that was destroyed since is not found: what was kept goes with what rests on it.
    [keptCopiesProjection.name]: {
      fixed: ['id', 'position', 'person', 'document'],
      rowThen: ofStream(keptCopiesProjection, evidenceDecider, (id) => streamId('evidence', id)),
    },
    [personLinksProjection.name]: {
      fixed: Object.keys(personLinksProjection.table.columns),
      rowThen: ((row: PersonLinkRow) => Promise.resolve(row.position < before ? row : undefined)) as RowThen<never>,
    },
    [evidenceProjection.name]: {
      fixed: Object.keys(evidenceProjection.table.columns).filter((column) => column !== 'usedAt'),
      rowThen: (async (row: EvidenceRow) =>
        row.position < before ? { ...row, usedAt: await usedAt(row) } : undefined) as RowThen<never>,
    },
  };

  /** When something last came to rest on it by then, where that changed since: by what names the person that it is about. */
  async function usedAt(row: EvidenceRow): Promise<string | null> {
    if (row.usedAt === null || row.person === null || row.type !== 'bankTransaction') return row.usedAt;
    const { id, person } = row;
    const histories = await (inWhat.get(person) ?? remember(person));
    const uses = histories
      .flatMap(({ history }) => history)
      .filter((event) => evidenceProjection.handles.includes(event.type) && evidenceProjection.keys(event).includes(id))
      .sort((one, other) => (one.position < other.position ? -1 : 1));
    return uses.reduce<EvidenceRow>((known, event) => evidenceProjection.fold(known, event, id)!, {
      ...row,
      usedAt: null,
    }).usedAt;
  }

  /** What names a person, by person: asked once for all checks about him. */
  const inWhat = new Map<string, Promise<readonly LoadedObject<unknown>[]>>();
  function remember(person: string): Promise<readonly LoadedObject<unknown>[]> {
    const histories = historiesOf(person);
    inWhat.set(person, histories);
    return histories;
  }

  async function historiesOf(person: string): Promise<readonly LoadedObject<unknown>[]> {
    await Promise.all([upToDate(authorizationsProjection as never), upToDate(meansProjection as never)]);
    const authorizations = pagesOf<AuthorizationRow>(store, authorizationsProjection, [
      { column: 'persons', is: 'containing', value: person },
    ]);
    const means = pagesOf<MeansRow>(store, meansProjection, [{ column: 'holder', is: 'equal', value: person }]);
    const histories: LoadedObject<unknown>[] = [];
    // Page by page: what is too much is noticed before all of it is read.
    for await (const page of authorizations) {
      const streams = page.map((one) => streamId('authorization', one.id));
      histories.push(...(await commands.loadAll(untyped(authorizationDecider), streams)));
    }
    for await (const page of means) {
      const streams = page.map((one) => streamId('means', one.id));
      histories.push(...(await commands.loadAll(untyped(meansDecider), streams)));
    }
    return histories;
  }

  return async <R extends Row>(projection: Projection<R>, query: Query): Promise<readonly R[]> => {
    const { name, table } = projection;
    const known = remembered[name] as unknown as Remembered<R> | undefined;
    if (known === undefined) throw new Error(`rows of ${name} are not to be had as they were`);
    const where = query.where.filter(({ column }) => known.fixed.includes(column));
    const found: R[] = [];
    let { after } = query;
    for (;;) {
      const page = await store.search<R>(projection, {
        where,
        limit: query.limit,
        ...(after === undefined ? {} : { after }),
      });
      const rows = await fewAtOnce(page, known.rowThen);
      found.push(...rows.flatMap((row) => (row !== undefined && query.where.every(meets(row)) ? [row] : [])));
      const last = page.at(-1);
      if (last === undefined || page.length < query.limit || found.length >= query.limit) break;
      after = { order: last[table.newestFirst] as bigint, key: last[table.key] as string };
    }
    return found.slice(0, query.limit);
  };
}

/** What `Condition` says of a row, said of one in memory. */
const meets =
  (row: Row) =>
  (condition: Condition): boolean => {
    const value = row[condition.column];
    if (value === null || value === undefined) return condition.is === 'within';
    switch (condition.is) {
      case 'equal':
        return value === condition.value;
      case 'one-of':
        return condition.values.includes(value as never);
      case 'containing':
        return Array.isArray(value) && value.includes(condition.value);
      case 'within':
        return (value as readonly string[]).every((one) => condition.values.includes(one));
      case 'from':
        return value >= condition.value;
      case 'before':
        return value < condition.value;
    }
  };
