import { epochOf, streamId, type Instant } from '#libs/kernel';
import { KeyDestroyed, openMember } from '#libs/eventing';
import { personDecider, type DocumentRecorded } from '#libs/domain';
import { amsterdamDay, readDate } from '#libs/scheme';
import type { Backbone } from '../backbone.js';

/** The named reader of expiry dates: which of a person's documents are still valid on the day of `at` in Amsterdam. */
export async function validDocuments(backbone: Backbone, person: string, at: Instant): Promise<ReadonlySet<string>> {
  const { history } = await backbone.commands.load(personDecider, streamId('person', person));
  const today = amsterdamDay(epochOf(at));
  const valid = await Promise.all(
    history
      .filter(({ type }) => type === ('DocumentRecorded' satisfies DocumentRecorded['type']))
      .map(async (event) => {
        const { document, expiresOn } = event.data as DocumentRecorded['data'];
        try {
          const lastDay = await openMember(backbone.sealer, event, 'expiresOn', expiresOn);
          return readDate(lastDay) >= today ? [document as string] : [];
        } catch (error) {
          // An erased document proves nothing any more.
          if (error instanceof KeyDestroyed) return [];
          throw error;
        }
      }),
  );
  return new Set(valid.flat());
}
