import {
  goOnBehind,
  endOf,
  MAX_ENTRIES_READ,
  type CheckpointStore,
  type EventFeed,
  type Feed,
  type LogFiles,
  type RecordLog,
  type SequencedLog,
  type StoreIdentity,
} from '#libs/eventing';
import { checkLog } from '#libs/transparency-log';
import { FEED_NAMES } from './feed-names.js';
import { LogRefused, refusing } from './log-fault-for-people.js';
import type { LogSignatures } from './log-signatures.js';

export interface RestoredLogParts {
  readonly table: SequencedLog;
  readonly files: LogFiles;
  readonly signatures: Pick<LogSignatures, 'judge'>;
  readonly checkpoints: Pick<CheckpointStore, 'read'>;
  readonly feed: EventFeed;
  readonly records: RecordLog;
  readonly identity: StoreIdentity;
}

/**
 * Throws `LogRefused` where the table knows a checkpoint and nothing is published here. A table that was restored can't tell
 * how far others have seen the log; what was published can. For who is about to adopt a restored store.
 */
export async function demandPublished({ table, files }: Pick<RestoredLogParts, 'table' | 'files'>): Promise<void> {
  const newest = await table.newest();
  if (newest === undefined || (await files.checkpoint()) !== undefined) return;
  throw new LogRefused(
    `The transparency log of this store was published, up to ${newest.size} entries and perhaps further, and LOG_DIR, or LOG_BUCKET, holds ` +
      'nothing of it: a log that goes on from an older table contradicts what others have seen. Put the folder back as it ' +
      'was published last, from its disk, its web server or a mirror. If it is lost for good: --published-log lost',
  );
}

/** Indexes; `until` is the first behind them. */
export interface RestoredRanges {
  /** Were published; their records and salts are lost. */
  readonly orphaned: { readonly from: number; readonly until: number };
  /** The next ones: as many as there are facts without an index, what is put on record of this among them. */
  readonly again: { readonly from: number; readonly until: number };
}

/**
 * Goes on behind what was published, with a table that was restored to before it. Everything that is published is verified,
 * and the table has to be the beginning of it. `record` puts both ranges on record before anything changes; interrupted
 * behind it, the same again brings it to its end. For who is alone with the table.
 */
export async function adoptRestoredLog(
  parts: RestoredLogParts,
  record: (ranges: RestoredRanges) => Promise<void>,
): Promise<RestoredRanges> {
  const { table, files, signatures } = parts;
  const note = await files.checkpoint();
  if (note === undefined)
    throw new LogRefused('Nothing is published where LOG_DIR, or LOG_BUCKET, says: there is nothing to adopt.');
  const shown = await refusing(() => signatures.judge(note));
  const newest = await table.newest();
  if (newest !== undefined && newest.size >= shown.size) {
    throw new LogRefused(
      `The database knows the log up to ${newest.size} entries, and ${shown.size} are published: there is nothing to adopt.`,
    );
  }
  const own = await table.size();
  const entries: Buffer[] = [];
  await refusing(() =>
    checkLog({
      ...{ source: files, size: shown.size, root: shown.root },
      onEntry: (_, entry) => void entries.push(Buffer.from(entry)),
    }),
  );
  await demandBeginning(table, entries, Math.min(own, shown.size));
  const behind = Math.max(own, shown.size);
  const again = { from: behind, until: behind + (await itemsBehind(parts)) + 1 };
  const ranges: RestoredRanges = { orphaned: { from: Math.min(own, shown.size), until: shown.size }, again };
  await record(ranges);
  await table.adopt(entries.slice(own), own, { size: shown.size, root: shown.root, note });
  return ranges;
}

async function demandBeginning(table: SequencedLog, published: readonly Buffer[], size: number): Promise<void> {
  for (let from = 0; from < size; from += MAX_ENTRIES_READ) {
    const own = await table.entries(from, Math.min(size, from + MAX_ENTRIES_READ));
    const other = own.findIndex((entry, at) => !published[from + at]!.equals(entry));
    if (other < 0) continue;
    throw new LogRefused(
      `Entry ${from + other} of the database is not the one that was published: it is no older state of this log. ` +
        'Name the register and the folder of one installation.',
    );
  }
}

/** Events and records that no index was given to, as far as the table knows. */
async function itemsBehind({ checkpoints, feed, records, identity }: RestoredLogParts): Promise<number> {
  const count = async (name: string, items: Feed<unknown>): Promise<number> => {
    let behind = 0;
    for (let place = await goOnBehind(items, await checkpoints.read(name), identity, name); ;) {
      const page = await items.read(place);
      behind += page.items.length;
      if (page.caughtUp) return behind;
      place = endOf(page);
    }
  };
  return (await count(FEED_NAMES.events, feed)) + (await count(FEED_NAMES.records, records));
}
