import { itemOf, Lineage, LineageBroken, placeAt, type StoredEvent } from '#libs/eventing';
import { deleted, isDeleted } from './errors.js';
import { patiently } from './patience.js';
import type { Trouble } from './observer.js';
import { storedOf } from './stored-events.js';
import type { Wire } from './wire.js';

/** The newest event that this process knows. When it was recorded is not known before it was read. */
interface Known extends Pick<StoredEvent, 'stream' | 'revision' | 'position' | 'id'> {
  readonly item?: string;
}

/**
 * What this process knows of the store, judged against what that holds. The server can't be told to write only where our
 * newest event stands, as a database can: it is looked for before every append and with every page (ADR 90).
 */
export class LineageOfServer {
  readonly lineage = new Lineage();
  readonly #wire: Wire;
  readonly #patience: number;
  readonly #trouble: Trouble;
  #known: Known | undefined;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(wire: Wire, patience: number, trouble: Trouble) {
    this.#wire = wire;
    this.#patience = patience;
    this.#trouble = trouble;
  }

  get known(): Known | undefined {
    return this.#known;
  }

  /** Throws when the store is known to have gone back. */
  demand(): void {
    this.lineage.demand();
  }

  /** The server handed over this event. */
  saw(event: StoredEvent): void {
    const known = this.#known;
    if (known !== undefined && event.position < known.position) return;
    if (known?.position === event.position && known.item !== undefined) return;
    this.#known = { ...placedIn(event), item: itemOf(event) };
    this.lineage.saw('events', placeAt(event));
  }

  /** The server acknowledged this event. */
  sawAppended(event: Known): void {
    if (this.#known === undefined || event.position > this.#known.position) this.#known = placedIn(event);
  }

  /**
   * Rejects with `LineageBroken` when the store does not hold the newest event that this process knows, and with
   * `StoreUnavailable` when that can't be found out. Shared by all who ask at the same time: only a look that begins after
   * the question answers it.
   */
  async demandHeld(): Promise<void> {
    this.lineage.demand();
    if (this.#next === undefined) {
      const next = this.#running.then(() => {
        this.#next = undefined;
        return this.#look();
      });
      this.#next = next;
      this.#running = next.catch(() => undefined);
    }
    await this.#next;
  }

  /** The same, by the event that was found where the known one is looked for. */
  demandSame(found: StoredEvent | undefined): void {
    const known = this.#known;
    if (known === undefined) return;
    const item = found && itemOf(found);
    const isSame =
      found?.position === known.position && found.id === known.id && (known.item === undefined || known.item === item);
    if (!isSame) throw this.broken(known, found?.position === known.position ? item : undefined);
    this.saw(found!);
  }

  broken({ position, id, item = id }: Known, found: string | undefined): LineageBroken {
    return this.lineage.break(LineageBroken.at({ position, item }, found));
  }

  async #look(): Promise<void> {
    const known = this.#known;
    if (known === undefined) return;
    const { stream, revision } = known;
    const { events } = await patiently(this.#patience, this.#trouble, () =>
      this.#wire.readStream(stream, revision, { count: 1 }),
    ).catch((error: unknown) => {
      throw isDeleted(error) ? deleted(stream) : error;
    });
    const there = events[0] && storedOf(events[0]);
    // Meanwhile a newer one may be known: it is for the next look.
    const same = there?.revision === revision && there.id === known.id && there.position === known.position;
    if (!same || (known.item !== undefined && itemOf(there) !== known.item)) {
      throw this.broken(known, there?.position === known.position ? itemOf(there) : undefined);
    }
    this.saw(there);
  }
}

const placedIn = ({ stream, revision, position, id }: Known): Known => ({ stream, revision, position, id });
