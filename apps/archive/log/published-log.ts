import {
  LogFileDiffers,
  MAX_ENTRIES_READ,
  type LogFiles,
  type SequencedLog,
  type SignedCheckpoint,
} from '#libs/eventing';
import {
  checkConsistency,
  encodeBundle,
  growLog,
  parseTilePath,
  readTile,
  TILE_WIDTH,
  tilePath,
  TileTree,
  widthIn,
  type Checkpoint,
  type LogFile,
} from '#libs/transparency-log';
import { LogRefused, refusing } from './log-fault-for-people.js';
import type { LogSignatures } from './log-signatures.js';

/** Full tiles on three levels: a log that is published anew leaves no partial ones behind on its way. */
const AT_ONCE = MAX_ENTRIES_READ;

/** What a stored checkpoint says, signed by us. Throws where its row says something else, or another has signed it. */
export async function statedBy(
  { size, root, note }: SignedCheckpoint,
  signatures: Pick<LogSignatures, 'judge'>,
): Promise<Checkpoint> {
  const stated = await signatures.judge(note);
  if (stated.size !== size || !stated.root.equals(root)) {
    throw new LogRefused(`The checkpoint of ${size} entries in the database is not the one that was signed.`);
  }
  return stated;
}

/** Indexes would be given out a second time. */
export function lacking(what: 'published' | 'signed', size: number, known: number | undefined): LogRefused {
  return new LogRefused(
    `The transparency log was ${what} up to ${size} entries, and the database knows ${known ?? 'none'}: it was restored ` +
      'from an older backup, its server was taken over by one that lacked the last rows, or it is another one. Going on ' +
      'would give out indexes a second time. Restore it to a later moment; if there is none: npm run adopt-restored-log ' +
      '-- --reason "…"',
  );
}

/**
 * The files of the log, made of the rows of its table and of nothing else. Every process that serves them keeps its own, or
 * shares a folder with others: the same rows give the same bytes. One thing at a time is done to them.
 */
export class PublishedLog {
  readonly #table: Pick<SequencedLog, 'entries' | 'newest'>;
  readonly #files: LogFiles;
  readonly #signatures: Pick<LogSignatures, 'judge'>;
  /** Entries whose tiles and bundles are there. */
  #size = 0;
  /** Entries of the checkpoint that is shown. */
  #shown = 0;
  /** The newest checkpoint that the table was seen to have: it has to have it for ever. */
  #signed: Checkpoint | undefined;
  /** Full tiles whose partial ones go once a checkpoint covers them. */
  readonly #filled = new Set<string>();
  #working: Promise<unknown> = Promise.resolve();

  constructor(
    table: Pick<SequencedLog, 'entries' | 'newest'>,
    files: LogFiles,
    signatures: Pick<LogSignatures, 'judge'>,
  ) {
    this.#table = table;
    this.#files = files;
    this.#signatures = signatures;
  }

  /**
   * Holds what is published against the table, at a start and before indexes are given out. Rejects with `LogRefused` where
   * it is another log's, was changed, or goes beyond what the table knows: its indexes would be given out a second time.
   */
  open(): Promise<void> {
    return this.#inTurn(async () => {
      const note = await this.#files.checkpoint();
      const shown = note === undefined ? undefined : await this.#signatures.judge(note);
      // Read after it: whatever is published was stored before.
      const newest = await this.#newest(shown);
      // What was written and not signed is made again of the rows: they may be others by now.
      [this.#size, this.#shown] = [shown?.size ?? 0, shown?.size ?? 0];
      if (shown === undefined) return;
      const root = await new TileTree(this.#files, shown.size).root();
      if (!root.equals(shown.root)) {
        throw new LogRefused(
          `The tiles of the transparency log are not those of its checkpoint of ${shown.size} entries.`,
        );
      }
      if (newest!.size === shown.size && !shown.root.equals(newest!.root)) {
        throw new LogRefused(`The database has another checkpoint of ${shown.size} entries than was published.`);
      }
      await this.#follow();
    });
  }

  /** The newest checkpoint of the table that was followed here; a table that lacks it is none to sequence on. */
  signed(): Pick<Checkpoint, 'size' | 'root'> | undefined {
    return this.#signed;
  }

  /** The newest checkpoint of the table. Rejects with `LogRefused` where it goes back behind one that it had. */
  newest(): Promise<SignedCheckpoint | undefined> {
    return this.#inTurn(() => this.#newest());
  }

  /** Shows the newest checkpoint of the table, with all of its files before it. */
  follow(): Promise<void> {
    return this.#inTurn(() => this.#follow());
  }

  /** Sees to it that the files of so many entries are there, as the rows are now; answers their root. */
  grow(size: number): Promise<Buffer> {
    return this.#inTurn(() => {
      // Behind what is shown there may be files of rows that a server took with it which never came back.
      this.#size = this.#shown;
      return this.#grow(size);
    });
  }

  /** Throws unless the smaller tree is the beginning of the larger one, by a proof from the tiles. */
  demandGrowth(older: Pick<Checkpoint, 'size' | 'root'>, newer: Pick<Checkpoint, 'size' | 'root'>): Promise<void> {
    return this.#inTurn(() => this.#demandGrowth(older, newer));
  }

  async #demandGrowth(
    older: Pick<Checkpoint, 'size' | 'root'>,
    newer: Pick<Checkpoint, 'size' | 'root'>,
  ): Promise<void> {
    const proof = await new TileTree(this.#files, newer.size).consistencyProof({ start: 0, end: older.size });
    checkConsistency(older, newer, proof);
  }

  /** Puts a checkpoint in place of an older one, of which it has to go on; a newer one of another process stays. */
  async #show(note: string, stated: Checkpoint): Promise<void> {
    for (;;) {
      const there = await this.#files.checkpoint();
      const before = there === undefined ? undefined : await this.#signatures.judge(there);
      if (before !== undefined && before.size > stated.size) return;
      if (before !== undefined) await this.#demandGrowth(before, stated);
      if (before?.size === stated.size || (await this.#files.publish(note, there))) return;
    }
  }

  async #newest(published?: Checkpoint): Promise<SignedCheckpoint | undefined> {
    const newest = await this.#table.newest();
    if ((newest?.size ?? 0) < (published?.size ?? 0)) throw lacking('published', published!.size, newest?.size);
    const signed = this.#signed;
    if (signed === undefined) return newest;
    if (newest === undefined || newest.size < signed.size) throw lacking('signed', signed.size, newest?.size);
    if (newest.size === signed.size && !signed.root.equals(newest.root)) {
      throw new LogRefused(`The database has another checkpoint of ${signed.size} entries than it had before.`);
    }
    return newest;
  }

  async #follow(): Promise<void> {
    const newest = await this.#newest();
    if (newest === undefined) return;
    const isNew = newest.size > (this.#signed?.size ?? 0);
    const stated = isNew ? await statedBy(newest, this.#signatures) : this.#signed!;
    // Further than it by rows that another process has not signed for: its partial tiles may be missing here.
    if (newest.size < this.#size) this.#size = this.#shown;
    if (newest.size > this.#shown) await this.#grow(newest.size, stated.root);
    this.#signed = stated;
    if (newest.size <= this.#shown) return;
    await this.#show(newest.note, stated);
    this.#shown = newest.size;
    for (const path of this.#filled) await this.#files.tidy(path);
    this.#filled.clear();
  }

  /** `expected`: their root as it was signed; nothing of the last piece is written where it is another. */
  async #grow(size: number, expected?: Buffer): Promise<Buffer> {
    const demand = (root: Buffer): void => {
      if (expected === undefined || root.equals(expected)) return;
      throw new LogRefused(`The entries in the database are not those of the checkpoint of ${size} entries.`);
    };
    while (this.#size < size) {
      const older = this.#size;
      const next = Math.min(size, (Math.floor(older / AT_ONCE) + 1) * AT_ONCE);
      const open = older - (older % TILE_WIDTH);
      const entries = await this.#table.entries(open, next);
      if (entries.length !== next - open) {
        throw new LogRefused(`The database has ${entries.length} entries from ${open} on, where ${next - open} were.`);
      }
      await this.#demandBundle(open, entries.slice(0, older - open));
      const { files, range } = await growLog(this.#files, older, entries.slice(older - open));
      if (next === size) demand(range.root());
      await this.#write(files, expected !== undefined);
      for (const { path } of files) {
        const { level, index, width } = parseTilePath(path)!;
        if (width === TILE_WIDTH && widthIn(older, level, index) > 0) this.#filled.add(path);
      }
      this.#size = next;
    }
    const root = await new TileTree(this.#files, this.#size).root(size);
    demand(root);
    return root;
  }

  /** Throws unless the bundle that is gone on with holds the rows: no root would tell that what is added to is another. */
  async #demandBundle(first: number, entries: readonly Uint8Array[]): Promise<void> {
    if (entries.length === 0) return;
    const place = { level: 'entries', index: first / TILE_WIDTH, width: entries.length } as const;
    const bytes = await readTile(this.#files, place);
    if (!bytes.equals(encodeBundle(entries))) throw new LogFileDiffers(tilePath(place));
  }

  /** Names all files that are others, so that a person comes but once. */
  async #write(files: readonly LogFile[], isSigned: boolean): Promise<void> {
    const written = await Promise.allSettled(files.map(({ path, bytes }) => this.#files.write(path, bytes)));
    const errors = written.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    const differing = errors.filter((error) => error instanceof LogFileDiffers);
    if (errors.length > differing.length) throw errors.find((error) => !(error instanceof LogFileDiffers));
    if (differing.length === 0) return;
    const why = differing.map(({ message }) => message).join('; ');
    if (isSigned || this.#shown === 0) throw new LogRefused(`the transparency log: ${why}`);
    throw new LogRefused(
      `the transparency log: ${why}. It is about entries behind the ${this.#shown} of the checkpoint that is published, so ` +
        'nothing that was signed covers it: the database was restored to before a process that had not signed any more, or ' +
        'somebody else has written there. Move it out of the folder and start again.',
    );
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#working.then(() => refusing(work));
    this.#working = done.catch(() => undefined);
    return done;
  }
}
