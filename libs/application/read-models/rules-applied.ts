import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';

/** From which decision on a version of the rules was the one that was judged by. */
export type RulesChange = { readonly ruleSet: string; readonly position: string; readonly recordedAt: Instant };

/** One row for the whole register: it changes with a release, not with a decision. */
export type RulesAppliedRow = {
  readonly id: string;
  readonly position: bigint;
  readonly changes: readonly RulesChange[];
};

export const RULES_APPLIED = 'rules';

/** By which version of the rules dossiers were judged, decision by decision: registrations, renewals, changes, means. */
export const rulesAppliedProjection: Projection<RulesAppliedRow> = {
  name: 'rules-applied',
  version: 1,
  table: {
    name: 'rules_applied',
    key: 'id',
    newestFirst: 'position',
    columns: { id: 'text', position: 'bigint', changes: 'json' },
  },
  handles: [
    'AuthorizationRegistered',
    'AuthorizationRenewed',
    'AuthorizationChanged',
    'HolderIdentified',
    'MeansIssued',
    'MeansUpgraded',
    'MeansRenewed',
  ],
  keys: () => [RULES_APPLIED],

  fold(row, { metadata: { ruleSet }, position, recordedAt }: Recorded<DomainEvent>) {
    if (ruleSet === undefined || row?.changes.at(-1)?.ruleSet === ruleSet) return row;
    const change: RulesChange = { ruleSet, position: String(position), recordedAt };
    return { id: RULES_APPLIED, position, changes: [...(row?.changes ?? []), change] };
  },
};
