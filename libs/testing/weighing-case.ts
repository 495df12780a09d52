import type { CheckFacts } from '#libs/domain';
import type { Instant } from '#libs/kernel';
import {
  findApplication,
  findParty,
  loadChecks,
  weigh,
  type Weighed,
  type Weighing,
  type WeighingParts,
} from '#libs/application';
import type { MemoryBackbone } from './memory-backbone.js';
import { assessedAt, ids, recordChecks } from './paper-registration.js';

/** What a weighing of the paper registration is asked about; everything is optional. */
export interface WeighingCase {
  readonly named?: readonly CheckFacts[];
  /** Checks that are on record and that the command does not name. */
  readonly others?: readonly CheckFacts[];
  readonly roles?: Partial<WeighingParts['roles']>;
  readonly party?: string;
  readonly at?: Instant;
  readonly registration?: 'first' | 'repeated';
  readonly establishments?: readonly string[];
}

export interface WeighedCase extends Weighing {
  /** The named checks in their order, then those that joined. */
  readonly standing: readonly Weighed[];
  /** `counts`, or why not; with a `+` in front of what joined by itself. */
  readonly words: readonly string[];
}

/** Records the checks of a case about the director, the employee and their company, and weighs them. */
export async function weighCase(memory: MemoryBackbone, question: WeighingCase): Promise<WeighedCase> {
  const { backbone } = memory;
  // What is not named comes first on record, unless its own moments say otherwise.
  await recordChecks(memory, question.others ?? []);
  const named = await recordChecks(memory, question.named ?? []);
  const loaded = await loadChecks(backbone, named, '/checks');
  const application = await findApplication(backbone, ids.application, '');
  const party = await findParty(backbone, question.party ?? ids.company, '');
  if ('faults' in loaded || 'fault' in application || 'fault' in party) throw new Error('the case is not on record');
  const result = await weigh(backbone, {
    application: application.found,
    at: question.at ?? assessedAt,
    roles: {
      application: ids.application,
      representedParty: question.party ?? ids.company,
      submitter: ids.director,
      authorizedPerson: ids.employee,
      means: ids.means,
      meansApplication: ids.application,
      ...question.roles,
    },
    party: party.found,
    registration: question.registration ?? 'first',
    ...(question.establishments === undefined ? {} : { establishments: question.establishments }),
    named: loaded.checks,
    checksPointer: '/checks',
  });
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return {
    ...result,
    standing: result.evidence,
    words: result.evidence.map(
      ({ joined, counts, why }) =>
        `${joined ? '+' : ''}${counts ? 'counts' : 'not'}${why === undefined ? '' : ` ${why}`}`,
    ),
  };
}
