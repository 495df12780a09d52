import type { TimedLink } from '#libs/scheme';
import type { MeansEntry, PartyEntry } from './decision-index.projection.js';

/** A means as decisions know it; its position is that of the last event that changed it. */
export interface IndexedMeans extends MeansEntry {
  readonly position: bigint;
}

export interface IndexedParty extends PartyEntry {
  readonly position: bigint;
}

/** An authorization as evaluation 5 asks for it, moments as numbers. */
export interface IndexedLink {
  readonly authorization: string;
  readonly position: bigint;
  readonly link: TimedLink;
}

/** The authorizations of one way from an organization to an acting person, the organization's own first. */
export type Path = readonly [IndexedLink, ...IndexedLink[]];

/** The register's state as a decision at use needs it. Reading it never waits: it is in memory. */
export interface DecisionIndex {
  /** By internal pseudonym (MEANS-09). */
  means(pseudonym: string): IndexedMeans | undefined;

  /** The other means of the holder of this one, whatever became of them, in no order. */
  otherMeans(means: IndexedMeans): readonly IndexedMeans[];

  /** By organization id, `kvk:69599084`. */
  party(organization: string): IndexedParty | undefined;

  /** By party id, for the intermediaries of a path. */
  partyById(party: string): IndexedParty | undefined;

  /**
   * Every way from the organization to the holder of the means with at most `intermediaries` parties in between,
   * whatever became of the authorizations on it: a no has to say what ended.
   */
  paths(party: string, pseudonym: string, intermediaries: number): readonly Path[];

  /** Ids of the parties from which such a way leads, in their order. */
  represented(pseudonym: string, intermediaries: number): readonly string[];
}
