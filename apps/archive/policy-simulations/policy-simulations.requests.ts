import type { Instant } from '#libs/kernel';
import { EH_LEVELS, ruleSetVersions, type EhLevel, type RuleSetVersion } from '#libs/scheme';
import { IsChoice, IsInstant, IsText, IsWhole, named, NestedList, Optional } from '#libs/platform';

/** The names of the states that callers see. */
export const SIMULATION_STATUSES = named(
  'PolicySimulationStatus',
  ['waiting', 'running', 'completed', 'cancelled', 'failed'] as const,
  'How far a policy simulation is',
);
/** Those that a list can be asked for. */
export const LISTED_STATUSES = named(
  'ListedPolicySimulationStatus',
  ['open', 'completed', 'cancelled', 'failed'] as const,
  'How far a policy simulation is, in lists: `open` waits or is running',
);

/** Service ids and providers' numbers; no service of the scheme has a longer one. */
const NAME = 200;

export class ProposedLevelEnd {
  @IsChoice(EH_LEVELS, { code: 'unknown-level', description: 'Level that ends' }) level!: EhLevel;
  @IsInstant({ description: 'From then on it is of no use' }) usableUntil!: Instant;
  @IsText(NAME, { description: 'Service provider, where it ends there only' }) @Optional() provider?: string;
}

export class ProposedSecondFactor {
  @IsInstant({ description: 'From then on two factors are mandatory' }) from!: Instant;
  @IsText(NAME, { description: 'Service provider, where it holds there only' }) @Optional() provider?: string;
  @IsText(NAME, { description: 'Service, where it holds there only' }) @Optional() service?: string;
}

export class ProposedMinimumLevel {
  @IsText(NAME, { description: 'Service that asks for it' }) service!: string;
  @IsInstant({ description: 'From then on' }) from!: Instant;
  @IsChoice(EH_LEVELS, { code: 'unknown-level', description: 'Lowest level that the service takes' }) level!: EhLevel;
}

/** What is proposed, in the shapes of evaluation 5 (classification.md §5.2). */
export class PolicyProposalBody {
  @NestedList(() => ProposedLevelEnd, {
    most: 50,
    description: 'Each takes the place of the end in force of the same level at the same provider',
  })
  @Optional()
  levelPolicy?: ProposedLevelEnd[];
  @NestedList(() => ProposedSecondFactor, {
    most: 100,
    description: 'Each takes the place of the entry in force for the same provider and service',
  })
  @Optional()
  secondFactorPolicy?: ProposedSecondFactor[];
  @NestedList(() => ProposedMinimumLevel, {
    most: 200,
    description: 'From the first of a service on they are all that it asks for',
  })
  @Optional()
  minimumLevels?: ProposedMinimumLevel[];
  @IsChoice(named('RuleSetVersion', [...ruleSetVersions], 'Version of the rules, as decisions name it'), {
    code: 'unknown-rule-set',
    description: 'Rules to judge by, from now on; absent: those in force',
  })
  @Optional()
  ruleSet?: RuleSetVersion;
}

export class RequestPolicySimulationRequest extends PolicyProposalBody {
  @IsText(500, { description: 'Why this is asked; sealed' }) reason!: string;
}

export class CancelPolicySimulationRequest {
  @IsText(500, { description: 'Why it is not needed any more; sealed' }) reason!: string;
}

export class SearchPolicySimulationsRequest {
  @IsText(500, { description: 'Why the auditor reads this; kept with the reading' }) reason!: string;
  @IsChoice(LISTED_STATUSES, { description: 'How far it is' }) @Optional() status?: (typeof LISTED_STATUSES)[number];
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}
