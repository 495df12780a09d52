import { StoreUnavailable } from '#libs/eventing';
import { later, type PersonId } from '#libs/kernel';
import type { KeyStore } from './store/key-store.js';
import type { Reservations } from './vault.js';

/** How long a reservation waits for its person to come to be (interfaces.md §3). */
export const RESERVATION_MILLISECONDS = 10 * 60_000;
/** So often another person's void row may be in the way of one attempt. More than a few never happens in good order. */
const ATTEMPTS = 10;

export function reservations(store: KeyStore): Reservations {
  return {
    async reserve(hashes, person, now, cameToBe) {
      const attempt = { hashes: distinct(hashes), person, now, voidUntil: later(now, -RESERVATION_MILLISECONDS) };
      const neverCame: PersonId[] = [];
      for (let count = 0; count < ATTEMPTS; count += 1) {
        const outcome = await store.tryReserve({ ...attempt, voidOf: cameToBe ? neverCame : 'anybody' });
        if (outcome.mine) return { holder: person, mine: true };
        const { holder, mayBeVoid } = outcome;
        if (!mayBeVoid || cameToBe === undefined) return { holder, mine: false };
        if (await cameToBe(holder)) {
          await store.confirmReservation(attempt.hashes, holder);
          return { holder, mine: false };
        }
        neverCame.push(holder);
      }
      throw new StoreUnavailable('key store: the reservation changed hands all the time');
    },

    async confirm(hashes, person) {
      const wanted = distinct(hashes);
      return (await store.confirmReservation(wanted, person)) === wanted.length;
    },
  };
}

function distinct(hashes: string | readonly string[]): readonly string[] {
  const list = typeof hashes === 'string' ? [hashes] : [...new Set(hashes)];
  if (list.length === 0) throw new TypeError('a reservation names at least one hash');
  return list;
}
