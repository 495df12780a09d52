import type { Configuration } from '#libs/configuration';

export type ActivitySettings = Partial<Pick<Configuration, 'processingActivities' | 'processingActivityIds'>>;

/** URIs of activities in the participant's register of processing activities, by the ids that they have here. */
export const processingActivities =
  ({
    processingActivities: base = 'urn:waarborg:processing-activity:',
    processingActivityIds: ids = {},
  }: ActivitySettings) =>
  (id: string): string =>
    `${base}${Object.hasOwn(ids, id) ? ids[id]! : id}`;
