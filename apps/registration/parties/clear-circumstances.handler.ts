import { streamId, type CheckId, type PartyId, type Rejection } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import {
  answeredAt,
  assessmentAt,
  commandContext,
  confirmersAmong,
  findApplication,
  findParty,
  loadChecks,
  markOf,
  weigh,
  weighedChecks,
  withEvidenceCodes,
  type Backbone,
  type CircumstancesMark,
  type Confirmation,
  type CommandRequest,
  type Weighed,
  type Weighing,
} from '#libs/application';
import {
  partyDecider,
  partyRejections,
  rejecting,
  type CheckFacts,
  type Party,
  type PartyEvent,
  type RegisteredParty,
  type WeighedCheck,
} from '#libs/domain';
import type { SpecialCircumstancesRequest } from './party.requests.js';

const rejectParty = rejecting(partyRejections);

export interface Clearing {
  readonly outcome: CommandOutcome<Party, PartyEvent>;
  readonly evidence: readonly WeighedCheck[];
}

/**
 * Clears a party's mark: by a current look that finds nothing, or by a confirmation that counts, whoever gives it being
 * shown by a register (PROOF-12, PROOF-02). Their checks are all of one intake.
 */
export async function clearCircumstances(
  backbone: Backbone,
  request: CommandRequest,
  id: PartyId,
  body: SpecialCircumstancesRequest,
): Promise<Clearing> {
  const named = body.checks ?? [];
  const party = await findParty(backbone, id, '');
  if ('fault' in party) return refused([rejectParty('no-such-party')]);
  const context = await commandContext(backbone, request, 'ClearSpecialCircumstances', body, { scores: true });
  let evidence: readonly WeighedCheck[] = [];
  let faults: readonly Rejection[] = [];
  const outcome = await backbone.commands
    .execute(
      partyDecider,
      streamId('party', id),
      // On the state that is decided on: what was reported meanwhile is not answered by a look from before.
      async (state) => {
        const current = state as RegisteredParty;
        const mark = await markOf(backbone, current);
        const judged = await judge(backbone, current, named);
        if ('faults' in judged) {
          faults = judged.faults;
          throw new FaultyRequest();
        }
        const heard = await hearing(backbone, current, judged.evidence, mark);
        evidence = weighedChecks(heard);
        return {
          type: 'ClearSpecialCircumstances',
          checks: evidence.map(({ check }) => check as CheckId),
          findings: mark.findings as readonly CheckId[],
          isShown: isCleared(heard, mark),
          now: backbone.now(),
        };
      },
      context,
    )
    .catch((error: unknown): CommandOutcome<Party, PartyEvent> => {
      if (error instanceof FaultyRequest) return { outcome: 'rejected', rejections: faults };
      throw error;
    });
  return { outcome: withEvidenceCodes(outcome, evidence), evidence };
}

class FaultyRequest extends Error {}

const refused = (rejections: readonly Rejection[]): Clearing => ({
  outcome: { outcome: 'rejected', rejections },
  evidence: [],
});

async function judge(
  backbone: Backbone,
  party: RegisteredParty,
  named: readonly string[],
): Promise<Pick<Weighing, 'evidence'> | { readonly faults: readonly Rejection[] }> {
  const loaded = await loadChecks(backbone, named, '/checks');
  if ('faults' in loaded) return loaded;
  const [first] = loaded.checks;
  const application =
    first === undefined ? undefined : await findApplication(backbone, first.facts.application, '/checks/0');
  if (application === undefined) return { evidence: [] };
  if ('fault' in application) return { faults: [application.fault] };
  return weigh(backbone, {
    application: application.found,
    at: assessmentAt(backbone.now(), application.found, loaded.checks),
    roles: { application: application.found.id, representedParty: party.id },
    party,
    named: loaded.checks,
    checksPointer: '/checks',
  });
}

/** The confirmations of representatives who may not confirm for themselves do not count (IV3-extra). */
async function hearing(
  backbone: Backbone,
  party: RegisteredParty,
  evidence: readonly Weighed[],
  mark: CircumstancesMark,
): Promise<readonly Weighed[]> {
  const spoken = evidence
    .filter(isConfirmation)
    .flatMap(({ check: { facts } }) => (isOfRepresentative(facts) ? [facts] : []));
  const [first] = spoken;
  if (first === undefined) return evidence;
  const heard = await confirmersAmong(backbone, mark, {
    party,
    at: backbone.now(),
    application: first.application,
    confirmers: spoken.map(({ confirmer }) => confirmer),
  });
  return evidence.map((one): Weighed => {
    const { facts } = one.check;
    const isHeard = !isConfirmation(one) || !isOfRepresentative(facts) || heard.has(facts.confirmer);
    return isHeard ? one : { ...one, counts: false, why: 'confirmer-in-application' };
  });
}

/** What was asked or said before the latest finding or report is no answer to it. */
function isCleared(evidence: readonly Weighed[], { foundAt, reportedAt }: CircumstancesMark): boolean {
  const after = evidence.filter(
    ({ check: { facts, recordedAt } }) =>
      (foundAt === undefined || answeredAt(facts) >= foundAt) && (reportedAt === undefined || recordedAt >= reportedAt),
  );
  return after.some(isConfirmation) || (after.some(isClearing) && !hasFinding(evidence));
}

const isClearing = ({ check: { facts }, counts, joined }: Weighed): boolean =>
  counts && !joined && facts.type === 'specialCircumstancesCheck' && facts.outcome === 'none';

/** A finding of the same intake is not looked away (PROOF-01). */
const hasFinding = (evidence: readonly Weighed[]): boolean =>
  evidence.some(
    ({ check: { facts }, why }) =>
      facts.type === 'specialCircumstancesCheck' && facts.outcome === 'found' && why !== 'other-application',
  );

const isConfirmation = ({ check: { facts }, counts, joined }: Weighed): boolean =>
  counts && !joined && facts.type === 'circumstancesConfirmation' && facts.confirmed;

const isOfRepresentative = (facts: CheckFacts): facts is Confirmation =>
  facts.type === 'circumstancesConfirmation' && facts.capacity !== 'trustee';
