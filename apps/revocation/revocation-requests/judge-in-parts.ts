import { streamId, type Instant, type RevocationRequestId } from '#libs/kernel';
import type { CommandContext, CommandOutcome } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import {
  MOST_LINES,
  revocationRequestDecider,
  type JudgedLater,
  type RevocationJudgement,
  type RevocationRequest,
  type RevocationRequestEvent,
} from '#libs/domain';

export type RevocationOutcome = CommandOutcome<RevocationRequest, RevocationRequestEvent>;

type Judged = Omit<JudgedLater, 'decidedAt'> & { readonly judgement: RevocationJudgement };

/** Whether one fact does not hold what was judged of somebody who leaves. */
export const isOfManyLines = ({ judgement: { lines = [] } }: Judged): boolean => lines.length > MOST_LINES;

/**
 * Its first fact stands and its decision does not: whoever recorded it was stopped between the two. What came on paper without
 * checks waits for a decision as it should.
 */
export const isUnfinished = (state: RevocationRequest): boolean =>
  state.status === 'received' && (state.channel === 'electronic' || state.checks.length > 0);

const DECISIONS: readonly string[] = ['RevocationAccepted', 'RevocationRefused', 'RevocationWithdrawn'];

/**
 * The decision as it was recorded, whoever made it: of a request whose sender was stopped before its decision the process makes
 * it, and the sender is answered with that, as often as he asks (interfaces.md §3).
 */
export async function asDecided(backbone: Backbone, id: RevocationRequestId): Promise<RevocationOutcome> {
  const { history } = await backbone.commands.load(revocationRequestDecider, streamId('revocationRequest', id));
  const decided = history.slice(0, history.findIndex(({ type }) => DECISIONS.includes(type)) + 1);
  const last = decided.at(-1);
  if (last === undefined) throw new Error(`nothing was decided of revocation request ${id}`);
  const state = decided.reduce<RevocationRequest>(
    (before, event) => revocationRequestDecider.evolve(before, event as unknown as RevocationRequestEvent),
    revocationRequestDecider.initialState,
  );
  const { revision, position } = last;
  return { outcome: 'accepted', state, events: [], revision, position, replayed: true };
}

/** Whether somebody else came first. */
export const isDecidedAlready = (outcome: RevocationOutcome): boolean =>
  outcome.outcome === 'rejected' && outcome.rejections.some(({ code }) => code === 'revocation-decided-already');

/**
 * Decides a request that was received. Lines that do not fit the decision are on record before it, and count with it alone: a
 * decision that somebody was stopped in is made anew.
 */
export async function decideReceived(
  backbone: Backbone,
  id: RevocationRequestId,
  judged: Judged,
  { now, context }: { readonly now: Instant; readonly context: CommandContext },
): Promise<RevocationOutcome> {
  const stream = streamId('revocationRequest', id);
  const { judgement } = judged;
  const { ifMatch, ...rest } = context;
  let named: CommandContext = context;
  let lines = judgement.lines ?? [];
  for (let part = 0; lines.length > MOST_LINES; part += 1, lines = lines.slice(MOST_LINES)) {
    const some = lines.slice(0, MOST_LINES);
    const recorded = await backbone.commands.execute(
      revocationRequestDecider,
      stream,
      () => ({ type: 'JudgeRevocationInPart', lines: some, judgedAt: now }),
      { ...named, key: `${context.key}/judged/${now}/${part}` },
    );
    if (recorded.outcome !== 'accepted') return recorded;
    // From here on it is at another revision than the one that was named.
    named = rest;
  }
  const last = judgement.lines === undefined ? judgement : { ...judgement, lines };
  return backbone.commands.execute(
    revocationRequestDecider,
    stream,
    () => ({ type: 'DecideRevocation', ...judged, judgement: last, now }),
    named,
  );
}
