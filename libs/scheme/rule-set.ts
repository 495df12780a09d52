import type { AuthorizationRowCode } from './authorization/row-codes.js';
import type { BlockingRefusal } from './authorization/refusals.js';
import type { ProfileRow } from './authorization/profile.js';
import type { Aspect, AuthorizationRow } from './authorization/row.js';
import type { LevelTables } from './levels/levels.js';
import type { EhRow, MinimumScores } from './levels/synthesis.js';
import type { MeansRefusal, MeansRow, MeansRowCode, SupportTable } from './means/row.js';
import type { RenewalRow } from './validity/renewal-row.js';
import type { DeadlineRule, EntitlementRules } from './revocation/rules.js';
import type { SecretFault, SecretPolicies } from './means/secret.js';
import type { RowCode } from './score.js';
import type { Holiday } from './time/working-days.js';
import type { UseReason } from './use/reasons.js';

export type RuleSetVersion = 'eh-1.5' | 'eh-1.5.1';

/** An answer of the rule book together with the version of the rules it was given under (NORM-05). */
export type Judged<Result> = Result & { readonly ruleSet: string };

/**
 * The scheme document as data. Everything a decision rests on is reachable from here, so that a decision taken under
 * one version can be taken again under another and the two compared. A released version never changes. A dossier in the
 * form of eh-1.5 is for eh-1.5 only.
 */
export interface RuleSet {
  readonly version: string;
  /** The version of STORK by which means are judged (NORM-04). */
  readonly stork: string;
  readonly levels: LevelTables;
  readonly authorization: {
    /** Milliseconds; register data this old or older no longer count at the assessment (TR-02, AMB-70). */
    readonly maximumAge: number;
    readonly rows: readonly AuthorizationRow[];
    /** What the scores of a register's profile mean; the PV rows stand with the renewal. */
    readonly profileRows: readonly ProfileRow[];
    readonly rowCodes: readonly RowCode<AuthorizationRowCode>[];
    readonly blocking: readonly BlockingRefusal[];
    readonly minimumScores: MinimumScores<Aspect>;
    readonly ehTable: readonly EhRow[];
  };
  readonly means: {
    readonly rows: readonly MeansRow[];
    readonly rowCodes: readonly RowCode<MeansRowCode>[];
    readonly blocking: readonly MeansRefusal[];
    readonly supports: SupportTable;
    readonly secrets: SecretPolicies;
    readonly secretRules: readonly SecretFault[];
  };
  readonly revocation: EntitlementRules & {
    readonly deadlines: readonly DeadlineRule[];
    readonly holidays: readonly Holiday[];
  };
  readonly validity: {
    /** Years; the longest a registration or a consent holds (REG-08, CONSENT-05). */
    readonly maximumYears: number;
    /** Months without use after which an authorization is revoked (NONUSE-01). */
    readonly nonUseMonths: number;
    /** Months without use after which the notice is due (NONUSE-04). */
    readonly noticeMonths: number;
    /** Days between a notice and the revocation it announces (NONUSE-03). */
    readonly noticeDays: number;
    readonly renewalRows: readonly RenewalRow[];
  };
  readonly use: {
    readonly reasons: readonly UseReason[];
  };
}
