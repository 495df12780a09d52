import { closeSync, existsSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { KeptEvent, Medium } from './double-log.js';

/** One line for each append, so that it is there as a whole or not at all whenever the process is killed. */
type Line = readonly {
  readonly [Member in keyof KeptEvent]: KeptEvent[Member] extends bigint | Buffer ? string : KeptEvent[Member];
}[];

/** The log of a double in a file. A last line that was not finished is dropped at opening. */
export class DataFile implements Medium {
  readonly kept: readonly KeptEvent[];
  readonly #file: number;
  readonly #sync: boolean;
  /** Length of the file before each append, by the position of its last event. */
  readonly #ends: { readonly position: bigint; readonly end: number }[] = [];
  #length = 0;

  /** `sync`: an append is on the disk before it is answered, and so outlives a power cut as well. */
  constructor(path: string, sync: boolean) {
    this.#sync = sync;
    const kept: KeptEvent[] = [];
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', this.#length)) {
      const events = readLine(bytes.subarray(this.#length, end).toString());
      kept.push(...events);
      this.#length = end + 1;
      this.#ends.push({ position: events.at(-1)!.position, end: this.#length });
    }
    this.kept = kept;
    this.#file = openSync(path, existsSync(path) ? 'r+' : 'w+');
    ftruncateSync(this.#file, this.#length);
  }

  write(events: readonly KeptEvent[]): void {
    if (events.length === 0) return;
    const line = Buffer.from(`${JSON.stringify(events.map(asLine))}\n`);
    for (let written = 0; written < line.length;) {
      written += writeSync(this.#file, line, written, line.length - written, this.#length + written);
    }
    if (this.#sync) fdatasyncSync(this.#file);
    this.#length += line.length;
    this.#ends.push({ position: events.at(-1)!.position, end: this.#length });
  }

  truncate(behind: bigint): void {
    while ((this.#ends.at(-1)?.position ?? behind) > behind) this.#ends.pop();
    this.#length = this.#ends.at(-1)?.end ?? 0;
    ftruncateSync(this.#file, this.#length);
  }

  close(): void {
    closeSync(this.#file);
  }
}

const asLine = (event: KeptEvent): Line[number] => ({
  ...event,
  position: String(event.position),
  ticks: String(event.ticks),
  metadata: event.metadata.toString('base64'),
  data: event.data.toString('base64'),
});

const readLine = (text: string): readonly KeptEvent[] =>
  (JSON.parse(text) as Line).map((event) => ({
    ...event,
    position: BigInt(event.position),
    ticks: BigInt(event.ticks),
    metadata: Buffer.from(event.metadata, 'base64'),
    data: Buffer.from(event.data, 'base64'),
  }));
