import { describe, it } from '@jest/globals';
import type { PolicySimulationId } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import {
  policySimulationDecider,
  type PolicySimulationCancelled,
  type PolicySimulationCommand,
  type PolicySimulationCompleted,
  type PolicySimulationAbandoned,
  type PolicySimulationRequested,
  type SimulationResult,
} from './index.js';

const given = specificationOf(policySimulationDecider);
const policySimulation = uuid('simulation') as PolicySimulationId;
const now = at('2026-03-02T12:00:00Z');
const shownUntil = at('2026-04-01T12:00:00Z');
const moments = [at('2026-06-30T22:00:00Z')];
const proposal = { levelPolicy: [{ level: 'EH2', usableUntil: moments[0]! }] } as const;
const result: SimulationResult = {
  ...{ from: now, until: now, policy: '2026-11-01', inForceRuleSet: 'eh-1.5.1', ruleSet: 'eh-1.5.1' },
  ...{ means: 0, rights: 0, moments: [] },
};

const request: PolicySimulationCommand = {
  ...{ type: 'RequestPolicySimulation', policySimulation, proposal, moments, reason: 'EH2 per 1 juli' },
  ...{ now, shownUntil },
};
const complete: PolicySimulationCommand = { type: 'CompletePolicySimulation', result, now };
const cancel: PolicySimulationCommand = { type: 'CancelPolicySimulation', reason: 'niet nodig', now };
const giveUp: PolicySimulationCommand = { type: 'GiveUpPolicySimulation', failure: 'interrupted', now };
const requested: PolicySimulationRequested = {
  type: 'PolicySimulationRequested',
  data: {
    ...{ policySimulation, proposal, moments, reason: { clear: 'EH2 per 1 juli' } },
    ...{ requestedAt: now, shownUntil },
  },
};
const completed: PolicySimulationCompleted = {
  type: 'PolicySimulationCompleted',
  data: { policySimulation, result, completedAt: now },
};
const cancelled: PolicySimulationCancelled = {
  type: 'PolicySimulationCancelled',
  data: { policySimulation, reason: { clear: 'niet nodig' }, cancelledAt: now },
};
const givenUp: PolicySimulationAbandoned = {
  type: 'PolicySimulationAbandoned',
  data: { policySimulation, failure: 'interrupted', givenUpAt: now },
};

describe('a policy simulation', () => {
  it('is asked for with its reason, and completed, cancelled or given up', () => {
    given().when(request).then(requested);
    given(requested).when(complete).then(completed);
    given(requested).when(cancel).then(cancelled);
    given(requested).when(giveUp).then(givenUp);
  });

  it('is asked for once, and is over once', () => {
    given(requested).when(request).thenRejected('policy-simulation-exists');
    given(requested, completed).when(cancel).thenRejected('policy-simulation-over');
    given(requested, cancelled).when(cancel).thenRejected('policy-simulation-over');
    given().when(cancel).thenRejected('no-such-policy-simulation');
  });

  it('records nothing of a process that comes too late', () => {
    given(requested, completed).when(complete).thenNothing();
    given(requested, cancelled).when(complete).thenNothing();
    given(requested, completed).when(giveUp).thenNothing();
  });
});
