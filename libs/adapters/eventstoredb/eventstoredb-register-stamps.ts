import { endOf, type Place, type RegisterStamp, type RegisterStamps } from '#libs/eventing';
import type { Appender } from './appender.js';
import type { LogReader, PageLimits } from './log-reader.js';
import { stampOf } from './stored-events.js';

const PAGE: PageLimits = { items: 1_000, bytes: 4 * 1024 * 1024 };

/** In the metadata of the last event of each append, beside the bytes. */
export class EventStoreDbRegisterStamps implements RegisterStamps {
  readonly #appender: Appender;
  readonly #reader: LogReader;

  constructor(appender: Appender, reader: LogReader) {
    this.#appender = appender;
    this.#reader = reader;
  }

  carry(stamp: () => RegisterStamp | undefined): void {
    this.#appender.carry(stamp);
  }

  async *behind(after: bigint): AsyncIterable<RegisterStamp> {
    const newest = await this.#reader.newest();
    let from: bigint | Place = after;
    for (let isWhole = false; !isWhole;) {
      const stamps: RegisterStamp[] = [];
      const page = await this.#reader.page(from, PAGE, newest, (raw) => {
        const stamp = stampOf(raw);
        if (stamp !== undefined) stamps.push(stamp);
      });
      yield* stamps;
      from = endOf(page);
      isWhole = page.caughtUp;
    }
  }
}
