/**
 * Checks a feed against what writers were told. Each writer numbers its events 0, 1, 2 … and sends the next one only
 * after the former was acknowledged, so the feed must bring each writer's events in exactly that order, once each, and
 * in the end everything that was acknowledged.
 */
export class HistoryChecker {
  #writers = new Map();
  #position = 0n;
  events = 0;
  duplicated = 0;
  reordered = 0;
  gaps = 0;

  /** Event `number` of `writer` came out of the feed at `position`. */
  seen(position, { writer, number }) {
    if (position !== this.#position + 1n) this.gaps += 1;
    this.#position = position;
    this.events += 1;
    const next = this.#writers.get(writer) ?? 0;
    if (number < next) this.duplicated += 1;
    else if (number > next) this.reordered += 1;
    this.#writers.set(writer, Math.max(next, number + 1));
  }

  /** Acknowledged events that never came; `acknowledged` maps a writer to how many of its events were. */
  lost(acknowledged) {
    let lost = 0;
    for (const [writer, count] of acknowledged) lost += Math.max(0, count - (this.#writers.get(writer) ?? 0));
    return lost;
  }
}

/** A UUID that says which event of which writer it is. */
export const idOf = ({ writer, number }) => {
  const [w, n] = [writer.toString(16).padStart(8, '0'), number.toString(16).padStart(12, '0')];
  return `${w}-0000-8000-8000-${n}`;
};

export const eventOf = (id) => ({
  writer: Number.parseInt(id.slice(0, 8), 16),
  number: Number.parseInt(id.slice(24), 16),
});

/** Numbers from 0 to 1 that are the same for the same seed. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * One writer: appends one to three events at a time until told to stop, each append with the same ids and the same
 * expected revision until its outcome is certain. `acknowledged` hears how many of its events are durable.
 */
export async function write({ events, writer, random, stopped, acknowledged }) {
  for (let number = 0, stream = 0; !stopped(); stream += 1) {
    const name = `check-${writer}-${stream}`;
    let expected = 'no-stream';
    for (let append = 0; append < 20 && !stopped(); append += 1) {
      const count = 1 + Math.floor(random() * 3);
      const batch = Array.from({ length: count }, (_, index) => {
        const id = idOf({ writer, number: number + index });
        return { id, type: 'CheckRecorded', bytes: JSON.stringify({ id, note: 'x'.repeat(200) }) };
      });
      const answer = await appendUntilCertain(events, name, expected, batch);
      expected = answer.revision;
      number += count;
      acknowledged(number);
    }
  }
}

const PAUSE = 50;

async function appendUntilCertain(events, stream, expected, batch) {
  for (;;) {
    try {
      return await events.append(stream, expected, batch);
    } catch (error) {
      if (error.name !== 'StoreUnavailable' && error.name !== 'AppendOutcomeUnknown') throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

/** The control: positions from a sequence, readers that ask for what is greater than the last they saw. */
export const NAIVE_TABLE = 'create table naive (position bigserial primary key, writer integer not null)';

/** Connections of the control may be cut at any time. */
export function surviveCuts(pool) {
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
}

/** Inserts as the usual store does: a transaction of its own for each event, with a round trip inside. */
export async function writeNaively({ pool, writer, stopped, pause }) {
  let written = 0;
  while (!stopped()) {
    const client = await pool.connect().catch(() => undefined);
    if (client !== undefined) {
      try {
        await client.query('begin');
        await client.query('insert into naive (writer) values ($1)', [writer]);
        await client.query('select 1');
        await client.query('commit');
        written += 1;
        client.release();
      } catch {
        client.release(true);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, pause()));
  }
  return written;
}

/** Reads the control as it is usually read; answers how many of its rows that reader never saw. */
export async function readNaively({ query, stopped }) {
  let [last, seen] = [0, 0];
  const look = async () => {
    const rows = await query('select position from naive where position > $1 order by position', [last]).catch(
      () => [],
    );
    seen += rows.length;
    last = Number(rows.at(-1)?.position ?? last);
  };
  while (!stopped()) {
    await look();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return async () => {
    await look();
    const [{ stored }] = await query('select count(*)::int as stored from naive');
    return { stored, lost: stored - seen };
  };
}
