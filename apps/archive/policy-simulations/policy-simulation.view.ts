import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { DomainEvent, Recorded } from '#libs/kernel';
import { KeyDestroyed, openMember, type Sealer } from '#libs/eventing';
import type { Governance } from '#libs/application';
import {
  SIMULATED_REMEDIES,
  SIMULATION_FAILURES,
  type PolicySimulationEvent,
  type RecordedPolicySimulation,
  type SimulatedMoment,
} from '#libs/domain';
import { USE_REFUSALS } from '#libs/composition';
import { named } from '#libs/platform';
import { EH_LEVELS, ruleSetVersions } from '#libs/scheme';
import type { PolicySimulationRow } from './policy-simulations.projection.js';
import { LISTED_STATUSES, SIMULATION_STATUSES } from './policy-simulations.requests.js';
import type { SimulationProgress } from './run-simulations.js';

const FAILURES = named('PolicySimulationFailure', SIMULATION_FAILURES, 'Why a policy simulation failed');
const REMEDIES = named(
  'SimulatedRemedy',
  SIMULATED_REMEDIES,
  'What brings a right back: another means that the holder has, his means at a higher level or with a second factor, an ' +
    'authorization at a higher level, or nothing of these',
);

export class LevelEndView {
  @ApiProperty({ enum: EH_LEVELS, description: 'Level that ends' }) level!: string;
  @ApiProperty({ format: 'date-time', description: 'From then on it is of no use' }) usableUntil!: string;
  @ApiPropertyOptional({ description: 'Service provider, where it ends there only' }) provider?: string;
}

export class MandatorySecondFactorView {
  @ApiProperty({ format: 'date-time', description: 'From then on two factors are mandatory' }) from!: string;
  @ApiPropertyOptional({ description: 'Service provider, where it holds there only' }) provider?: string;
  @ApiPropertyOptional({ description: 'Service, where it holds there only' }) service?: string;
}

export class ServiceMinimumView {
  @ApiProperty({ description: 'Service that asks for it' }) service!: string;
  @ApiProperty({ format: 'date-time', description: 'From then on' }) from!: string;
  @ApiProperty({ enum: EH_LEVELS, description: 'Lowest level that the service takes' }) level!: string;
}

export class PolicyProposalView {
  @ApiPropertyOptional({ type: LevelEndView, isArray: true, description: 'Levels that end' })
  levelPolicy?: readonly LevelEndView[];
  @ApiPropertyOptional({ type: MandatorySecondFactorView, isArray: true, description: 'Mandatory second factors' })
  secondFactorPolicy?: readonly MandatorySecondFactorView[];
  @ApiPropertyOptional({ type: ServiceMinimumView, isArray: true, description: 'Minimum levels of services' })
  minimumLevels?: readonly ServiceMinimumView[];
  @ApiPropertyOptional({ enum: ruleSetVersions, description: 'Rules' }) ruleSet?: string;
}

export class LossCountsView {
  @ApiProperty({ type: 'integer', description: 'A means may act for an organization at a service' }) rights!: number;
  @ApiProperty({ type: 'integer', description: 'Different means' }) means!: number;
  @ApiProperty({ type: 'integer', description: 'Different holders of means' }) holders!: number;
  @ApiProperty({ type: 'integer', description: 'Different authorizations, those of chains among them' })
  authorizations!: number;
  @ApiProperty({ type: 'integer', description: 'Different organizations that were represented' })
  organizations!: number;
}

export class LostView extends LossCountsView {
  @ApiProperty({ type: 'integer', description: 'Rights that were not lost at the moment before' }) since!: number;
  @ApiProperty({ type: 'integer', description: 'Different services' }) services!: number;
  @ApiProperty({ type: 'integer', description: 'Different service providers' }) providers!: number;
}

export class LossReasonView {
  @ApiProperty({ enum: USE_REFUSALS, description: 'Why it is a no' }) code!: string;
  @ApiProperty({ type: 'integer', description: 'Rights' }) rights!: number;
}

export class LevelChangeView {
  @ApiProperty({ enum: EH_LEVELS, description: 'Level by the policy in force' }) before!: string;
  @ApiProperty({
    ...{ type: 'string', enum: [...EH_LEVELS], nullable: true },
    description: 'Level that is reached by the proposal, and is not enough; `null`: none',
  })
  after!: string | null;
  @ApiProperty({ type: 'integer', description: 'Rights' }) rights!: number;
}

export class RemedyCountView {
  @ApiProperty({ enum: REMEDIES, description: 'What brings it back' }) remedy!: string;
  @ApiProperty({
    ...{ type: 'string', enum: [...EH_LEVELS], nullable: true },
    description: 'Level that has to be reached; `null`: there is no remedy',
  })
  level!: string | null;
  @ApiProperty({ type: 'integer', description: 'Rights' }) rights!: number;
  @ApiProperty({ type: 'integer', description: 'Means, each once, by what brings back all that it loses' })
  means!: number;
  @ApiProperty({ type: 'integer', description: 'Holders, each once' }) holders!: number;
}

export class ServiceLossView extends LossCountsView {
  @ApiProperty({ description: 'Id of the service' }) service!: string;
  @ApiProperty({ description: 'Its name' }) name!: string;
  @ApiProperty({ description: 'Its provider' }) provider!: string;
}

export class ProviderLossView extends LossCountsView {
  @ApiProperty({ description: 'Number of the provider' }) provider!: string;
  @ApiProperty({ description: 'Its name' }) name!: string;
}

export class SimulatedMomentView {
  @ApiProperty({ format: 'date-time', description: 'From then on' }) at!: string;
  @ApiProperty({ type: 'integer', description: 'Rights that stand then by the policy in force' }) inForce!: number;
  @ApiProperty({ type: 'integer', description: 'Rights that stand then by the proposal' }) proposed!: number;
  @ApiProperty({ type: 'integer', description: 'Rights that stand by the proposal only' }) gained!: number;
  @ApiProperty({ description: 'What stands by the policy in force only' }) lost!: LostView;
  @ApiProperty({ type: LossReasonView, isArray: true, description: 'Why; a right may have several reasons' })
  reasons!: LossReasonView[];
  @ApiProperty({ type: LevelChangeView, isArray: true, description: 'Levels of what is lost' })
  levels!: LevelChangeView[];
  @ApiProperty({ type: RemedyCountView, isArray: true, description: 'Who has to do what' })
  remedies!: RemedyCountView[];
  @ApiProperty({ type: ProviderLossView, isArray: true, description: 'By provider, those that lose most first' })
  providers!: ProviderLossView[];
  @ApiProperty({ type: ServiceLossView, isArray: true, description: 'By service, those that lose most first' })
  services!: ServiceLossView[];
  @ApiProperty({ type: 'integer', description: 'Services and providers that lose something and are not listed' })
  leftOut!: number;
}

export class SimulationResultView {
  @ApiProperty({ format: 'date-time', description: 'When the register began to be gone through' }) from!: string;
  @ApiProperty({ format: 'date-time', description: 'When that was done; it went on meanwhile' }) until!: string;
  @ApiProperty({ description: 'Version of the policy in force' }) policy!: string;
  @ApiProperty({ description: 'Rules in force' }) inForceRuleSet!: string;
  @ApiProperty({ description: 'Rules of the proposal' }) ruleSet!: string;
  @ApiProperty({ type: 'integer', description: 'Means that were looked at' }) means!: number;
  @ApiProperty({ type: 'integer', description: 'Rights that were looked at' }) rights!: number;
  @ApiProperty({ type: SimulatedMomentView, isArray: true, description: 'In their order' })
  moments!: SimulatedMomentView[];
}

export class SimulationProgressView {
  @ApiProperty({ type: 'integer', description: 'Means that were looked at' }) done!: number;
  @ApiProperty({ type: 'integer', description: 'Means that there are' }) of!: number;
}

export class RequestedByView {
  @ApiProperty({ description: 'Client' }) client!: string;
  @ApiPropertyOptional({ description: 'The person behind it, as a reference' }) clerk?: string;
}

export class PolicySimulationListedView {
  @ApiProperty({ format: 'uuid', description: 'Id of the simulation' }) id!: string;
  @ApiProperty({ enum: LISTED_STATUSES, description: 'How far it is' }) status!: string;
  @ApiProperty({ format: 'date-time', description: 'When it was asked for' }) requestedAt!: string;
  @ApiProperty({ description: 'Who asked' }) requestedBy!: RequestedByView;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it was over' }) endedAt?: string;
  @ApiProperty({ format: 'date-time', description: 'Until then it is shown' }) shownUntil!: string;
}

export class PolicySimulationView {
  @ApiProperty({ format: 'uuid', description: 'Id of the simulation' }) id!: string;
  @ApiProperty({ enum: SIMULATION_STATUSES, description: 'How far it is' }) status!: string;
  @ApiProperty({ description: 'Why it was asked for' }) reason!: string;
  @ApiProperty({ description: 'What is proposed' }) proposal!: PolicyProposalView;
  @ApiProperty({ type: [String], description: 'The moments that are looked at' }) moments!: readonly string[];
  @ApiProperty({ format: 'date-time', description: 'When it was asked for' }) requestedAt!: string;
  @ApiProperty({ description: 'Who asked' }) requestedBy!: RequestedByView;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it was over' }) endedAt?: string;
  @ApiProperty({ format: 'date-time', description: 'Until then it is shown' }) shownUntil!: string;
  @ApiPropertyOptional({ description: 'While it is running, once the means were counted' })
  progress?: SimulationProgressView;
  @ApiPropertyOptional({ enum: FAILURES, description: 'Why it failed; it can be asked for again' })
  failure?: string;
  @ApiPropertyOptional({ description: 'Why it was cancelled' }) cancellationReason?: string;
  @ApiPropertyOptional({ description: 'What came of it' }) result?: SimulationResultView;
}

export class PolicySimulationShown extends PolicySimulationView {
  @ApiPropertyOptional({ format: 'uuid', description: 'The reading that this answer left, where it has a result' })
  reading?: string;
}

export class PolicySimulationAnswer extends PolicySimulationView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

export class PolicySimulationPage {
  @ApiProperty({ type: PolicySimulationListedView, isArray: true, description: 'Newest first; without results' })
  items!: PolicySimulationListedView[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
  @ApiProperty({ format: 'uuid', description: 'The reading that this answer left' }) reading!: string;
}

const STATUS = { completed: 'completed', cancelled: 'cancelled', givenUp: 'failed' } as const;

/** `history` up to where the answer is of. */
export async function policySimulationView(
  { sealer, governance }: { readonly sealer: Sealer; readonly governance: Governance },
  state: RecordedPolicySimulation,
  history: readonly Recorded<DomainEvent>[],
  progress: SimulationProgress,
): Promise<PolicySimulationView> {
  const first = history[0]!;
  const reason = await reasonIn(sealer, first);
  const { actor } = first.metadata;
  const { id, proposal, moments, requestedAt, shownUntil } = state;
  const view: PolicySimulationView = {
    ...{ id, status: state.status === 'requested' ? (progress.isBegun ? 'running' : 'waiting') : STATUS[state.status] },
    ...{ reason, proposal, moments, requestedAt },
    requestedBy: 'client' in actor ? { ...actor } : { client: actor.system },
    shownUntil,
  };
  switch (state.status) {
    case 'requested':
      return progress.means === undefined ? view : { ...view, progress: progress.means };
    case 'completed': {
      const { result, completedAt } = state;
      return { ...view, endedAt: completedAt, result: { ...result, moments: result.moments.map(inNames(governance)) } };
    }
    case 'cancelled':
      return { ...view, endedAt: state.cancelledAt, cancellationReason: await reasonIn(sealer, history.at(-1)!) };
    case 'givenUp':
      return { ...view, endedAt: state.givenUpAt, failure: state.failure };
  }
}

async function reasonIn(sealer: Sealer, event: Recorded<DomainEvent>): Promise<string> {
  const { data } = event as Recorded<DomainEvent> & PolicySimulationEvent;
  if (!('reason' in data)) return '';
  try {
    return await openMember<string>(sealer, event, 'reason', data.reason);
  } catch (error) {
    if (error instanceof KeyDestroyed) return '';
    throw error;
  }
}

/** With the names by which the catalogue knows services and providers now; one that it has no more has its id. */
const inNames =
  ({ services: catalogue }: Governance) =>
  ({ services, providers, ...moment }: SimulatedMoment): SimulatedMomentView => ({
    ...moment,
    reasons: [...moment.reasons],
    levels: [...moment.levels],
    remedies: [...moment.remedies],
    providers: providers.map(({ provider, ...counts }) => ({
      provider,
      name: catalogue.find((one) => one.provider === provider)?.providerName ?? provider,
      ...counts,
    })),
    services: services.map(({ service, ...counts }) => ({
      service,
      name: catalogue.find(({ id }) => id === service)?.name ?? service,
      ...counts,
    })),
  });

export const listedPolicySimulation = ({
  id,
  status,
  requestedAt,
  endedAt,
  shownUntil,
  client,
  clerk,
}: PolicySimulationRow): PolicySimulationListedView => ({
  ...{ id, status, requestedAt, requestedBy: { client, ...(clerk === null ? {} : { clerk }) } },
  ...(endedAt === null ? {} : { endedAt }),
  shownUntil,
});

const COUNTS = { rights: 12, means: 5, holders: 5, authorizations: 11, organizations: 9 };
const AT = '2027-06-30T22:00:00.000Z';

export const requestExample = {
  levelPolicy: [{ level: 'EH2', usableUntil: '2027-07-01T00:00:00+02:00' }],
  reason: 'Voorstel werkgroep 2FA: EH2 eindigt op 1 juli',
};
export const waitingExample: PolicySimulationView = {
  id: '6d5e6f70-1a2b-8c3d-9e4f-5a6b7c8d9e0f',
  status: 'waiting',
  reason: requestExample.reason,
  proposal: { levelPolicy: [{ level: 'EH2', usableUntil: AT }] },
  moments: [AT],
  requestedAt: '2026-12-01T09:00:00.000Z',
  requestedBy: { client: 'audit-desk', clerk: '5b1f1b8e-1111-4222-8333-944455566677' },
  shownUntil: '2026-12-31T09:00:00.000Z',
};
export const runningExample: PolicySimulationView = {
  ...waitingExample,
  ...{ status: 'running', progress: { done: 41_200, of: 200_000 } },
};
export const completedExample: PolicySimulationView = {
  ...waitingExample,
  status: 'completed',
  endedAt: '2026-12-01T09:00:04.000Z',
  result: {
    from: '2026-12-01T09:00:01.000Z',
    until: '2026-12-01T09:00:04.000Z',
    policy: '2026-11-01',
    inForceRuleSet: 'eh-1.5.1',
    ruleSet: 'eh-1.5.1',
    means: 40,
    rights: 96,
    moments: [
      {
        ...{ at: AT, inForce: 90, proposed: 78, gained: 0 },
        lost: { ...COUNTS, since: 12, services: 1, providers: 1 },
        reasons: [{ code: 'level-phased-out', rights: 12 }],
        levels: [{ before: 'EH2', after: 'EH2', rights: 12 }],
        remedies: [{ remedy: 'upgrade-means', level: 'EH3', rights: 12, means: 5, holders: 5 }],
        providers: [{ provider: '00000099800000001000', name: 'Dienst Uitvoering Onderwijs', ...COUNTS }],
        services: [
          {
            ...{ service: 'urn:etoegang:DV:00000099800000001000:services:1', name: 'Mijn DUO' },
            ...{ provider: '00000099800000001000', ...COUNTS },
          },
        ],
        leftOut: 0,
      },
    ],
  },
};
export const cancelledExample: PolicySimulationView = {
  ...waitingExample,
  ...{ status: 'cancelled', endedAt: '2026-12-01T09:00:02.000Z', cancellationReason: 'Het voorstel is gewijzigd' },
};
export const failedExample: PolicySimulationView = {
  ...waitingExample,
  ...{ status: 'failed', endedAt: '2026-12-01T09:02:00.000Z', failure: 'interrupted' },
};
const { id, requestedAt, requestedBy, shownUntil } = completedExample;
export const listedExample: PolicySimulationListedView = {
  ...{ id, status: 'completed', requestedAt, requestedBy, endedAt: '2026-12-01T09:00:04.000Z', shownUntil },
};
