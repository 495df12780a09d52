/** What was told to clients, what streams, topics and answers show, and where the two do not agree. */

/**
 * Events of streams as somebody was given them: each once, each stream's in order and without a hole. `revision` counts a
 * stream's events from 0.
 */
export class StreamChecker {
  #next = new Map();
  #ids = new Set();
  events = 0;
  twice = 0;
  reordered = 0;

  seen({ stream, revision, id }) {
    this.events += 1;
    if (this.#ids.has(id)) this.twice += 1;
    this.#ids.add(id);
    const next = this.#next.get(stream) ?? 0;
    if (revision !== next) this.reordered += 1;
    this.#next.set(stream, Math.max(next, revision + 1));
  }

  has = (id) => this.#ids.has(id);
  /** How many events of a stream came. */
  lengthOf = (stream) => this.#next.get(stream) ?? 0;
  get streams() {
    return this.#next.size;
  }
}

/** A consumer as docs/kafka.md wants it: drops what is not newer than what it took of the same key. */
export class Deduplicated {
  #newest = new Map();
  dropped = 0;

  take({ partitionkey, sequence }) {
    if (sequence <= (this.#newest.get(partitionkey) ?? '')) {
      this.dropped += 1;
      return false;
    }
    this.#newest.set(partitionkey, sequence);
    return true;
  }
}

/** Of commands that carry a mark: told to be done and not there, and there more than once. */
export class MarkChecker {
  #acknowledged = new Set();
  #found = new Map();

  acknowledged(mark) {
    this.#acknowledged.add(mark);
  }
  found(mark) {
    this.#found.set(mark, (this.#found.get(mark) ?? 0) + 1);
  }
  get lost() {
    return [...this.#acknowledged].filter((mark) => !this.#found.has(mark));
  }
  get twice() {
    return [...this.#found].filter(([, times]) => times > 1).map(([mark]) => mark);
  }
  get count() {
    return this.#acknowledged.size;
  }
}

/** Whether something was allowed in an answer to a question that was asked after its revocation had been answered. */
export class DecisionChecker {
  #revoked = new Map();
  asked = 0;
  allowed = 0;
  stale = [];

  /** The revocation of this pseudonym was answered at that moment, as done everywhere. */
  revoked(pseudonym, at) {
    this.#revoked.set(pseudonym, at);
  }
  answered(pseudonym, askedAt, decision) {
    this.asked += 1;
    if (!decision) return;
    this.allowed += 1;
    const revokedAt = this.#revoked.get(pseudonym);
    if (revokedAt !== undefined && askedAt > revokedAt) {
      this.stale.push(
        `${pseudonym}: yes, asked ${Math.round(askedAt - revokedAt)} ms after its revocation was answered`,
      );
    }
  }
  /** So many questions were answered with no. */
  refused(times) {
    this.asked += times;
  }
  get revocations() {
    return this.#revoked.size;
  }
}

/**
 * What a receiver was told of, against what it had to be told of: everything at least once, and each stream's in its order
 * once repeats are dropped.
 */
export class DeliveryChecker {
  #wanted = new Map();
  #places = new Map();
  #came = new Map();
  #ids = new Set();
  taken = 0;
  twice = 0;
  /** Came with no signature of ours. */
  unsigned = 0;

  /** In the order of the store. */
  wants({ stream, id }) {
    const place = this.#places.get(stream) ?? 0;
    this.#places.set(stream, place + 1);
    this.#wanted.set(id, { stream, place });
  }
  took({ stream, id }) {
    this.taken += 1;
    if (this.#ids.has(id)) return void (this.twice += 1);
    this.#ids.add(id);
    const came = this.#came.get(stream);
    if (came === undefined) this.#came.set(stream, [id]);
    else came.push(id);
  }
  get wanted() {
    return this.#wanted.size;
  }
  get lost() {
    return [...this.#wanted.keys()].filter((id) => !this.#ids.has(id));
  }
  /** Streams that came out of order, or with what nobody asked for. */
  get wrong() {
    return [...this.#came]
      .filter(([stream, ids]) =>
        ids.some((id, index) => {
          const wanted = this.#wanted.get(id);
          return wanted?.stream !== stream || (index > 0 && wanted.place <= this.#wanted.get(ids[index - 1])?.place);
        }),
      )
      .map(([stream]) => stream);
  }
}
