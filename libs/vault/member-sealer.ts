import type { SealedPlace, Sealer } from '#libs/eventing';
import { canonicalJson, type KeyHolder } from '#libs/kernel';
import { decrypt, encrypt } from './aes-gcm.js';
import type { ObjectKeys } from './object-keys.js';
import { SealBroken } from './vault.js';

/** `v1.<kind>.<id>.<nonce>.<ciphertext and tag>`, the last two in base64url. */
const SEALED =
  /^v1\.(person|document|party|evidence|application|reading|webhookSubscription|legalHold|policySimulation|contact|rightsRequest)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22,})$/;

/** Seals members of events and records under the key of the object that holds them, bound to the place where they stand. */
export function memberSealer(keys: ObjectKeys): Sealer {
  return {
    async seal(holder, place, clearText) {
      const key = await keys.forSealing(holder);
      const { nonce, body } = encrypt(key, bindingOf(holder, place), Buffer.from(clearText));
      return `v1.${holder.kind}.${holder.id}.${nonce.toString('base64url')}.${body.toString('base64url')}`;
    },

    async open(place, sealed) {
      const match = SEALED.exec(sealed);
      if (match === null) throw new SealBroken(`${place.member} of event ${place.eventId} is no sealed text`);
      const [, kind, id, nonce, body] = match as unknown as [string, KeyHolder['kind'], string, string, string];
      const holder: KeyHolder = { kind, id };
      const clearText = decrypt(await keys.forOpening(holder), bindingOf(holder, place), {
        nonce: Buffer.from(nonce, 'base64url'),
        body: Buffer.from(body, 'base64url'),
      });
      if (clearText === undefined) {
        throw new SealBroken(
          `${place.member} of event ${place.eventId} does not open: altered, moved, or sealed under a lost key`,
        );
      }
      return clearText.toString();
    },
  };
}

/** Never change: what has been sealed opens with exactly this text. */
const bindingOf = (holder: KeyHolder, { stream, eventId, member }: SealedPlace): string =>
  canonicalJson(['waarborg-seal-v1', holder.kind, holder.id, stream, eventId, member]);
