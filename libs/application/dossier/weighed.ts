import type { Instant } from '#libs/kernel';
import type { ReceivedApplication, RegisteredParty } from '#libs/domain';
import type { EhLevel } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import type { CopyOnRecord } from './copies-on-record.js';
import type { Documents } from './documents.js';
import type { Humans } from './humans.js';
import type { CheckOnRecord } from './load-checks.js';
import type { Login } from './logins.js';
import type { AnswerContext } from './question.js';
import type { Capacity } from './shown.js';
import type { Placed } from './superseding.js';
import type { Derived, Roles } from './translate-check.js';
import type { Why } from './why.js';

/** A check as it stands in a dossier: whether it counts there, and why not. Its facts speak of humans. */
export interface Weighed extends Placed {
  readonly counts: boolean;
  readonly why?: Why;
  /** Whether the evaluation sees it; what counts for people beside the dossier (PROOF-02) it does not. */
  readonly handed: boolean;
  /** Members of the question that are derived instead of posted. */
  readonly derived: Derived;
  /** Only of one that counts. */
  readonly login?: Extract<Login, { readonly level: EhLevel }>;
}

export interface WeighingParts {
  readonly application: ReceivedApplication;
  /** Moment of the assessment. */
  readonly at: Instant;
  /** Who plays which part, by the id on record. */
  readonly roles: Roles;
  /** Whose register shows who may speak for it; absent where nobody speaks for a party. */
  readonly party?: RegisteredParty;
  readonly registration?: 'first' | 'repeated';
  readonly establishments?: readonly string[];
  readonly named: readonly CheckOnRecord[];
  /** Copies on record that may stand for one that is enclosed (R-IO3-d-copy). */
  readonly copies?: readonly CopyOnRecord[];
  /**
   * Intakes of before whose evidence counts here as well: those that the means rests on which is upgraded (UPG-02). What
   * hangs on them and stands against the dossier joins as if it hung on the application.
   */
  readonly earlier?: readonly ReceivedApplication[];
  /** What is corrected is seen anew: an earlier correction does not take that back. */
  readonly ofCorrection?: true;
}

export interface Weighing {
  readonly evidence: readonly Weighed[];
  readonly humans: Humans;
  /** The parts by human. */
  readonly roles: Roles;
  readonly documents: Documents;
  /** The copies on record that present their document here, which speak of humans and documents (AMB-77). */
  readonly copies: readonly CopyOnRecord[];
  /** Records of people of this dossier who may be another one of it: a duplicate is unresolved, whichever carries it. */
  readonly unresolved: ReadonlySet<string>;
  /** Documents presented here that are reported. */
  readonly reported: ReadonlySet<string>;
  /** Everything of the application that is about the dossier, and what was named. About humans. */
  readonly onRecord: readonly CheckOnRecord[];
  /** Checks that compared an attribute which was corrected since: they carry nothing any more (PROOF-13). */
  readonly outdated: ReadonlySet<string>;
  /** Special circumstances were reported of the party, or found, and not cleared since (IV3-report, PROOF-01). */
  readonly circumstancesReported: boolean;
  /** Whether a register shows a human as one who may speak for the party (PROOF-02, PROOF-09). */
  readonly shown: (human: string, capacity: Capacity, actedAt: Instant) => boolean;
}

/** Everything a check is held against. */
export interface Scales extends WeighingParts {
  readonly backbone: Backbone;
  readonly context: AnswerContext;
  readonly others: readonly CheckOnRecord[];
  readonly humans: Humans;
  readonly documents: Documents;
  readonly unresolved: Weighing['unresolved'];
  /** Documents presented here that are reported. */
  readonly reported: ReadonlySet<string>;
  readonly shown: Weighing['shown'];
  /** Who confirms, declares or cosigns, and is not uniquely identified: he may be somebody else of the dossier. */
  readonly doubtful: ReadonlySet<string>;
  /** Of the latest finding about the party that stands, in whatever application. */
  readonly foundAt: Instant | undefined;
  /** Who acted in this application: he occurs in it (IV3-extra). */
  readonly acting: ReadonlySet<string>;
  /** Whom a register shows with a limitation that stands in the way: he acts by no mandate and no function (IV2-limits). */
  readonly limited: ReadonlySet<string>;
  readonly outdated: ReadonlySet<string>;
  /** Validations of signatures under assertions of a login. */
  readonly assertions: ReadonlySet<string>;
}

export type Verdict = Partial<Pick<Weighed, 'why' | 'handed' | 'derived' | 'login'>> & Pick<Weighed, 'counts'>;
