import type { Instant } from '#libs/kernel';
import { atLeast, containsAll, ehOfM, type EhLevel } from '#libs/scheme';
import { standingAt, type RegisteredAuthorization } from '../authorization/index.js';
import { refused, rejecting } from '../common/rejections.js';

/** What a person may see of the register, by rule (VIS, RIGHTS); what a program of the back office sees is not its subject. */

/**
 * How much of an object a viewer sees. `whole`: all that is registered. `indication`: which authorized person there is at
 * which level (VIS-02, VIS-04). `existence`: that it is there, and which login shows the rest (VIS-01).
 */
export type Sight = 'whole' | 'indication' | 'existence';

/** Sights of less than all. */
export const PARTIAL_SIGHTS = ['indication', 'existence'] as const satisfies readonly Sight[];
export type PartialSight = (typeof PARTIAL_SIGHTS)[number];

/** Who views: a human under all of his records, at the level that his login proves. */
export interface ViewingPerson {
  readonly records: ReadonlySet<string>;
  readonly level: EhLevel;
}

/** What a viewer is to an organization, now. */
export interface PlaceAtParty {
  /**
   * Establishments of each authority that he is registered with as its administrator, `undefined` where one is not limited;
   * a legal representative has such a one. None: he manages nothing there (ADMIN-12). Whether he may decide alone is not
   * asked: to see is not to decide.
   */
  readonly manages: readonly (readonly string[] | undefined)[];
  /** He is authorized to act for it himself, with the means of his login. */
  readonly isAuthorized: boolean;
  /** Somebody is registered as its administrator, whatever he may do at the moment. */
  readonly hasAdministrator: boolean;
  /** An entity of the TRR, which is shown to nobody else (REST-04). */
  readonly isRestGroup: boolean;
}

/** An authorization as far as it matters to who sees it. */
export interface ViewedAuthorization {
  readonly representedParty: string;
  /** Whoever may act: a person, or an intermediary. */
  readonly authorizedPerson?: string;
  readonly authorizedParty?: string;
  readonly establishments?: readonly string[];
  /** Level that it is registered at (RIGHTS-07). */
  readonly level: EhLevel;
  readonly isActive: boolean;
  /** The represented party states that the person permits to be shown to others of it (CONSENT-08). */
  readonly isPermitted: boolean;
}

/** The level concerned: as decided, or what M carries where there is no means (AMB-72). */
export const registeredLevel = ({ eh, m }: { readonly eh: EhLevel | null; readonly m: number }): EhLevel =>
  eh ?? ehOfM(m);

export const viewedAuthorization = (state: RegisteredAuthorization, at: Instant): ViewedAuthorization => ({
  representedParty: state.representedParty,
  ...('person' in state.authorizedParty
    ? { authorizedPerson: state.authorizedParty.person }
    : { authorizedParty: state.authorizedParty.party }),
  ...(state.establishments === undefined ? {} : { establishments: state.establishments }),
  level: registeredLevel(state),
  isActive: standingAt(state, at) === 'active',
  isPermitted: state.displayPermission?.permitted === true,
});

/** What he sees of it; `undefined`: nothing, not even that it is there. `placeAt` knows the organizations that it names. */
export function sightOfAuthorization(
  viewer: ViewingPerson,
  {
    representedParty,
    authorizedPerson,
    authorizedParty,
    establishments,
    level,
    isActive,
    isPermitted,
  }: ViewedAuthorization,
  placeAt: (party: string) => PlaceAtParty,
): Sight | undefined {
  const isShown = atLeast(viewer.level, level);
  if (isShown && authorizedPerson !== undefined && viewer.records.has(authorizedPerson)) return 'whole';
  const consumer = placeAt(representedParty);
  if (managesAt(consumer, establishments)) return isShown ? 'whole' : 'existence';
  if (!isShown || consumer.isRestGroup) return undefined;
  // What was given to an intermediary is registered about it as well (RIGHTS-02).
  if (authorizedParty !== undefined) return managesAll(placeAt(authorizedParty)) ? 'whole' : undefined;
  return isActive && isPermitted && consumer.isAuthorized && !consumer.hasAdministrator ? 'indication' : undefined;
}

/** A means as far as it matters to who sees it. */
export interface ViewedMeans {
  readonly holder: string;
  /** Organization that it was applied for (MEANS-10). */
  readonly party?: string;
  readonly level: EhLevel;
}

/** His own, and to who manages all of an organization that there is one that it applied for (VIS-02). */
export function sightOfMeans(
  viewer: ViewingPerson,
  { holder, party, level }: ViewedMeans,
  placeAt: (party: string) => PlaceAtParty,
): Exclude<Sight, 'existence'> | undefined {
  if (!atLeast(viewer.level, level)) return undefined;
  if (viewer.records.has(holder)) return 'whole';
  return party !== undefined && managesAll(placeAt(party)) ? 'indication' : undefined;
}

/** An administrator of establishments (absent: of all) sees what lies within them, and what is limited to none (VIS-01). */
export const isWithinHis = (
  his: readonly string[] | undefined,
  establishments: readonly string[] | undefined,
): boolean => his === undefined || establishments === undefined || containsAll(his, establishments);

export const managesAt = (
  { manages }: Pick<PlaceAtParty, 'manages'>,
  establishments: readonly string[] | undefined,
): boolean => manages.some((his) => isWithinHis(his, establishments));

export const managesAll = ({ manages }: PlaceAtParty): boolean => manages.includes(undefined);

/** Why a login shows nobody to be the viewer, besides what makes a login count for nothing in a dossier (PROOF-06). */
export const LOGIN_WHY = {
  'not-a-login': 'The check is no login (`authentication`).',
  'login-of-another-person': 'The login is about somebody else than the viewer.',
  'older-than-a-session': 'The login is older than a session (PROOF-06). Log in again.',
} as const satisfies Record<string, string>;

export const viewingRejections = {
  'viewer-login-refused': refused(
    'The login does not show who views',
    'De inlog toont niet wie er kijkt',
    {
      en: 'What a person sees is bounded by a login of his own, recorded on an intake with purpose `insight` and no older than a session; so is what he states of being shown, on one with purpose `change`. `why` says what is wrong with this one.',
      nl: 'Wat iemand ziet, wordt begrensd door een eigen inlog, vastgelegd bij een aanvraag met doel `insight` en niet ouder dan een sessie; zo ook wat hij over tonen verklaart, bij een aanvraag met doel `change`. `why` zegt wat er aan deze schort.',
    },
    'RIGHTS-07',
  ),
};

export const rejectViewing = rejecting(viewingRejections);
