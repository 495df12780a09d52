import {
  accept,
  clear,
  reject,
  type Decider,
  type EventCodec,
  type Instant,
  type KeyHolder,
  type Personal,
  type PolicySimulationId,
} from '#libs/kernel';
import type { EhLevel, ReasonCode, RuleSetVersion } from '#libs/scheme';
import { conflicting, invalid, notFound, rejecting } from '../common/rejections.js';

/**
 * A policy simulation: somebody asks what would happen if levels ended, two factors became mandatory, services asked for
 * more or other rules held, and the register is gone through by that (TFA-01, TFA-06). What comes of it are numbers: nobody
 * and no organization is named in it.
 */

/** Of evaluation 5's shapes. An entry takes the place of what is in force for the same level, provider or service. */
export interface PolicyProposal {
  readonly levelPolicy?: readonly {
    readonly level: EhLevel;
    readonly usableUntil: Instant;
    readonly provider?: string;
  }[];
  readonly secondFactorPolicy?: readonly {
    readonly from: Instant;
    readonly provider?: string;
    readonly service?: string;
  }[];
  /** From the first of a service on they are all that it asks for. */
  readonly minimumLevels?: readonly { readonly service: string; readonly from: Instant; readonly level: EhLevel }[];
  readonly ruleSet?: RuleSetVersion;
}

/** How many different ones of each lose something. A right: one means may act for one organization at one service. */
export interface LossCounts {
  readonly rights: number;
  readonly means: number;
  readonly holders: number;
  readonly authorizations: number;
  readonly organizations: number;
}

/**
 * What would bring a right back: another means that the holder has; his means at a higher level or with a second factor;
 * an authorization registered at a higher level; or nothing of these.
 */
export const SIMULATED_REMEDIES = ['another-means', 'upgrade-means', 'raise-authorization', 'none'] as const;
export type SimulatedRemedy = (typeof SIMULATED_REMEDIES)[number];

/** What is otherwise at a moment than by the policy in force at that same moment. */
export interface SimulatedMoment {
  readonly at: Instant;
  /** Rights that stand by the policy in force, and by the proposal. */
  readonly inForce: number;
  readonly proposed: number;
  readonly gained: number;
  /** `since`: rights that were not lost at the moment before. */
  readonly lost: LossCounts & { readonly since: number; readonly services: number; readonly providers: number };
  /** Why rights are lost; one may have several reasons. */
  readonly reasons: readonly { readonly code: ReasonCode; readonly rights: number }[];
  /** The level that a lost right had, and the one that is still reached; `null`: none. */
  readonly levels: readonly { readonly before: EhLevel; readonly after: EhLevel | null; readonly rights: number }[];
  /** Each means and holder once, by what is needed to bring back everything that is lost. */
  readonly remedies: readonly {
    readonly remedy: SimulatedRemedy;
    /** The level to be reached; `null`: there is no remedy. */
    readonly level: EhLevel | null;
    readonly rights: number;
    readonly means: number;
    readonly holders: number;
  }[];
  /** Those that lose most first. */
  readonly services: readonly (LossCounts & { readonly service: string; readonly provider: string })[];
  readonly providers: readonly (LossCounts & { readonly provider: string })[];
  /** Services and providers that lose something and are not listed. */
  readonly leftOut: number;
}

export interface SimulationResult {
  /** Between these the register was gone through; it went on meanwhile. */
  readonly from: Instant;
  readonly until: Instant;
  readonly policy: string;
  readonly inForceRuleSet: string;
  readonly ruleSet: string;
  /** What was looked at: means, and rights that may stand by one of the policies. */
  readonly means: number;
  readonly rights: number;
  readonly moments: readonly SimulatedMoment[];
}

/** `interrupted`: it was begun several times, and never came to its end: processes ended, or the store was away. */
export const SIMULATION_FAILURES = ['interrupted'] as const;
export type SimulationFailure = (typeof SIMULATION_FAILURES)[number];

// Events

export interface PolicySimulationRequested {
  readonly type: 'PolicySimulationRequested';
  readonly data: {
    readonly policySimulation: PolicySimulationId;
    readonly proposal: PolicyProposal;
    /** The moments that are looked at. */
    readonly moments: readonly Instant[];
    readonly reason: Personal<string>;
    readonly requestedAt: Instant;
    /** Until then it is answered. */
    readonly shownUntil: Instant;
  };
}
export interface PolicySimulationCompleted {
  readonly type: 'PolicySimulationCompleted';
  readonly data: {
    readonly policySimulation: PolicySimulationId;
    readonly result: SimulationResult;
    readonly completedAt: Instant;
  };
}
export interface PolicySimulationCancelled {
  readonly type: 'PolicySimulationCancelled';
  readonly data: {
    readonly policySimulation: PolicySimulationId;
    readonly reason: Personal<string>;
    readonly cancelledAt: Instant;
  };
}
export interface PolicySimulationAbandoned {
  readonly type: 'PolicySimulationAbandoned';
  readonly data: {
    readonly policySimulation: PolicySimulationId;
    readonly failure: SimulationFailure;
    readonly givenUpAt: Instant;
  };
}
export type PolicySimulationEvent =
  PolicySimulationRequested | PolicySimulationCompleted | PolicySimulationCancelled | PolicySimulationAbandoned;

const own = ({ policySimulation }: { readonly policySimulation: PolicySimulationId }): KeyHolder => ({
  kind: 'policySimulation',
  id: policySimulation,
});

export const policySimulationCodec: EventCodec<PolicySimulationEvent> = {
  PolicySimulationRequested: { schemaVersion: 1, processingActivity: 'audit', personal: { reason: own } },
  PolicySimulationCompleted: { schemaVersion: 1, processingActivity: 'audit' },
  PolicySimulationCancelled: { schemaVersion: 1, processingActivity: 'audit', personal: { reason: own } },
  PolicySimulationAbandoned: { schemaVersion: 1, processingActivity: 'audit' },
};

// Commands and rejections

export type PolicySimulationCommand =
  | {
      readonly type: 'RequestPolicySimulation';
      readonly policySimulation: PolicySimulationId;
      readonly proposal: PolicyProposal;
      readonly moments: readonly Instant[];
      readonly reason: string;
      readonly now: Instant;
      readonly shownUntil: Instant;
    }
  | { readonly type: 'CancelPolicySimulation'; readonly reason: string; readonly now: Instant }
  | { readonly type: 'CompletePolicySimulation'; readonly result: SimulationResult; readonly now: Instant }
  | { readonly type: 'GiveUpPolicySimulation'; readonly failure: SimulationFailure; readonly now: Instant };

export const policySimulationRejections = {
  'no-such-policy-simulation': notFound('There is no such policy simulation', 'Deze beleidssimulatie bestaat niet', {
    en: 'No policy simulation with this id was ever asked for, or it is not shown any more.',
    nl: 'Er is nooit een beleidssimulatie met dit id gevraagd, of hij wordt niet meer getoond.',
  }),
  'policy-simulation-exists': conflicting('The policy simulation exists', 'De beleidssimulatie bestaat al', {
    en: 'The id belongs to another simulation.',
    nl: 'Het id is van een andere simulatie.',
  }),
  'policy-simulation-over': conflicting('The policy simulation is over', 'De beleidssimulatie is afgelopen', {
    en: 'It was completed, cancelled or given up: there is nothing to cancel.',
    nl: 'De simulatie is klaar, geannuleerd of opgegeven: er valt niets te annuleren.',
  }),
  'policy-simulation-unfinished': conflicting(
    'The policy simulation has no result',
    'De beleidssimulatie heeft geen uitkomst',
    {
      en: 'It waits, is running, was cancelled or failed. A table is made of a result only.',
      nl: 'De simulatie wacht, loopt, is geannuleerd of mislukt. Een tabel is er alleen van een uitkomst.',
    },
  ),
  'too-many-policy-simulations': conflicting(
    'Too many policy simulations are under way',
    'Er lopen te veel beleidssimulaties',
    {
      en: 'One is gone through at a time, and only a few may wait. Wait for one to end, or cancel one.',
      nl: 'Er loopt één simulatie tegelijk, en er kunnen er maar een paar wachten. Wacht tot er een klaar is, of annuleer er een.',
    },
  ),
  'nothing-proposed': invalid('Nothing is proposed', 'Er wordt niets voorgesteld', {
    en: 'A simulation needs at least one level that ends, a mandatory second factor, a minimum level or a rule set.',
    nl: 'Een simulatie heeft ten minste één niveau dat eindigt, een verplichte tweede factor, een minimumniveau of een regelset nodig.',
  }),
  'moment-passed': invalid('The moment has passed', 'Het tijdstip is voorbij', {
    en: 'Nothing can be proposed for the past. Only what is in force already may begin or end before now.',
    nl: 'Voor het verleden valt niets voor te stellen. Alleen wat al geldt, mag vóór nu beginnen of eindigen.',
  }),
  'moment-too-far': invalid(
    'The moment lies too far ahead',
    'Het tijdstip ligt te ver vooruit',
    {
      en: 'Nothing that is on record now is valid for that long: an authorization holds five years at most.',
      nl: 'Niets wat nu is vastgelegd, is zo lang geldig: een machtiging geldt hoogstens vijf jaar.',
    },
    'REG-08',
  ),
  'entries-overlap': invalid('Entries overlap', 'Regels overlappen', {
    en: 'Two entries are about the same level, provider, service or moment, or one begins or ends where another that is wider has begun or ended before.',
    nl: 'Twee regels gaan over hetzelfde niveau, dezelfde dienstverlener, dienst of hetzelfde tijdstip, of een regel laat iets eindigen of beginnen wat een andere al eerder overal liet eindigen of beginnen.',
  }),
  'begins-after-end': invalid('It begins after its end', 'Het begint na het einde', {
    en: 'The service is withdrawn from the catalogue before the entry begins.',
    nl: 'De dienst is uit de catalogus gehaald voordat de regel begint.',
  }),
  'not-of-this-provider': invalid('The service is of another provider', 'De dienst is van een andere dienstverlener', {
    en: 'An entry that names a provider and a service is about a service of that provider.',
    nl: 'Een regel die een dienstverlener en een dienst noemt, gaat over een dienst van die dienstverlener.',
  }),
  'too-many-moments': invalid('Too many moments', 'Te veel tijdstippen', {
    en: 'The register is gone through for each moment at which something begins or ends: 24 at most.',
    nl: 'Het register wordt doorlopen voor elk tijdstip waarop iets begint of eindigt: hoogstens 24.',
  }),
};

export const rejectPolicySimulation = rejecting(policySimulationRejections);

// State

interface OnRecord {
  readonly id: PolicySimulationId;
  readonly proposal: PolicyProposal;
  readonly moments: readonly Instant[];
  readonly requestedAt: Instant;
  readonly shownUntil: Instant;
}
export type PolicySimulation =
  | { readonly status: 'none' }
  | ({ readonly status: 'requested' } & OnRecord)
  | ({ readonly status: 'completed'; readonly result: SimulationResult; readonly completedAt: Instant } & OnRecord)
  | ({ readonly status: 'cancelled'; readonly cancelledAt: Instant } & OnRecord)
  | ({ readonly status: 'givenUp'; readonly failure: SimulationFailure; readonly givenUpAt: Instant } & OnRecord);
export type RecordedPolicySimulation = Exclude<PolicySimulation, { status: 'none' }>;

// Decider

export const policySimulationDecider: Decider<PolicySimulation, PolicySimulationCommand, PolicySimulationEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    if (command.type === 'RequestPolicySimulation') {
      const { policySimulation, proposal, moments, reason, now, shownUntil } = command;
      if (state.status !== 'none') return reject(rejectPolicySimulation('policy-simulation-exists'));
      return accept({
        type: 'PolicySimulationRequested',
        data: { policySimulation, proposal, moments, reason: clear(reason), requestedAt: now, shownUntil },
      });
    }
    if (state.status === 'none') return reject(rejectPolicySimulation('no-such-policy-simulation'));
    const policySimulation = state.id;
    if (command.type === 'CancelPolicySimulation') {
      if (state.status !== 'requested') return reject(rejectPolicySimulation('policy-simulation-over'));
      const { reason, now } = command;
      return accept({
        type: 'PolicySimulationCancelled',
        data: { policySimulation, reason: clear(reason), cancelledAt: now },
      });
    }
    // Whoever went through the register is told nothing where it is over already: another process was first, or a person.
    if (state.status !== 'requested') return accept();
    return command.type === 'CompletePolicySimulation'
      ? accept({
          type: 'PolicySimulationCompleted',
          data: { policySimulation, result: command.result, completedAt: command.now },
        })
      : accept({
          type: 'PolicySimulationAbandoned',
          data: { policySimulation, failure: command.failure, givenUpAt: command.now },
        });
  },

  evolve(state, event) {
    if (event.type === 'PolicySimulationRequested') {
      const { policySimulation: id, proposal, moments, requestedAt, shownUntil } = event.data;
      return { status: 'requested', id, proposal, moments, requestedAt, shownUntil };
    }
    if (state.status === 'none') return state;
    const { id, proposal, moments, requestedAt, shownUntil } = state;
    const onRecord: OnRecord = { id, proposal, moments, requestedAt, shownUntil };
    switch (event.type) {
      case 'PolicySimulationCompleted': {
        const { result, completedAt } = event.data;
        return { status: 'completed', ...onRecord, result, completedAt };
      }
      case 'PolicySimulationCancelled':
        return { status: 'cancelled', ...onRecord, cancelledAt: event.data.cancelledAt };
      case 'PolicySimulationAbandoned':
        return { status: 'givenUp', ...onRecord, failure: event.data.failure, givenUpAt: event.data.givenUpAt };
    }
  },
};
