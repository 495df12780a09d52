import {
  epochOf,
  instantFromEpoch,
  later,
  streamId,
  type AuthorizationId,
  type DomainEvent,
  type Instant,
  type Recorded,
} from '#libs/kernel';
import { StoreUnavailable, type CommandContext } from '#libs/eventing';
import {
  addresseesOfNotice,
  confirmationIdOf,
  fewAtOnce,
  isErased,
  lastUseUpToNow,
  usableOf,
  type Backbone,
} from '#libs/application';
import {
  authorizationDecider,
  confirmationDecider,
  standingAt,
  toldAt,
  waitedFor,
  type Addressee,
  type AddresseeTold,
  type AuthorizationEvent,
  type AuthorizationNonUseNoticed,
  type RegisteredAuthorization,
  type ReviewNonUse,
} from '#libs/domain';
import { ehOfM, endOfAmsterdamDay, nonUsePeriods, type NonUsePeriods } from '#libs/scheme';

/** Client name under which what follows from non-use is recorded. */
export const NON_USE = 'non-use';

/**
 * What a review came to: facts that were recorded, nothing yet (`untold`: it would be revoked, had everybody been told),
 * or nothing ever again.
 */
export type ReviewOutcome = 'noticed' | 'withdrawn' | 'revoked' | 'waiting' | 'untold' | 'over';

export interface Reviewed {
  readonly outcome: ReviewOutcome;
  /** When to look again; absent: never. */
  readonly next?: Instant;
  /** Of a revocation: the place from which it holds. */
  readonly position?: bigint;
}

const DAY = 86_400_000;
/** How often is looked whether one that was noticed has been used, or whether policy has changed, in milliseconds. */
const LOOK_AT_NOTICED = DAY;
const LOOK_AT_POLICY = 7 * DAY;

/**
 * Does what an authorization's not being used asks for at this moment (NONUSE-01 to NONUSE-04): a notice, its withdrawal,
 * the revocation. One append to its own stream, on the state it ends; two who do it at once make one fact.
 *
 * Rejects with `StoreUnavailable`, and records nothing, where it can't be known that every use so far was counted.
 */
export async function reviewNonUse(backbone: Backbone, authorization: AuthorizationId): Promise<Reviewed> {
  const stream = streamId('authorization', authorization);
  const { state, revision, history } = await backbone.commands.load(authorizationDecider, stream);
  if (state.status === 'none' || isOver(state, backbone.now())) return { outcome: 'over' };

  const use = await lastUseUpToNow(backbone, usableOf(state));
  let judged = await commandFor(backbone, { state, history }, use);
  const decision = authorizationDecider.decide(judged, state);
  if (decision.outcome === 'accepted' && decision.events.length === 0) return waiting(state, judged);

  const outcome = await backbone.commands.execute(
    authorizationDecider,
    stream,
    async (of, its) => {
      // The same question again on the same state: its answer is the one that was looked at.
      if (its.at(-1)?.revision === revision) return judged;
      return (judged = await commandFor(backbone, { state: of as RegisteredAuthorization, history: its }, use));
    },
    contextOf(backbone, authorization, revision),
  );
  // Others kept writing, or it is another version's turn: looked at again soon.
  if (outcome.outcome !== 'accepted' || outcome.state.status === 'none') {
    throw new StoreUnavailable(`the review of authorization ${authorization} came to nothing: ${outcome.outcome}`);
  }
  const last = outcome.events.at(-1);
  if (last === undefined) return waiting(outcome.state, judged);
  const what = OUTCOMES[last.type] ?? 'waiting';
  return what === 'revoked'
    ? { outcome: what, position: outcome.position }
    : { outcome: what, ...nextFor(outcome.state, judged) };
}

/** Nothing is done, because nothing is due, or because somebody who has to be told of the notice was not. */
function waiting(state: RegisteredAuthorization, judged: ReviewNonUse): Reviewed {
  const { addressees = [] } = state.nonUse ?? {};
  const wasTold = (one: Addressee): boolean => isAmong(judged.told, one);
  const outcome = isDue(state, judged.now) && !waitedFor(addressees, judged).every(wasTold) ? 'untold' : 'waiting';
  return { outcome, ...nextFor(state, judged) };
}

const isAmong = (told: readonly AddresseeTold[], { kind, id }: Addressee): boolean =>
  told.some(({ addressee }) => addressee.kind === kind && addressee.id === id);

const OUTCOMES: Partial<Record<AuthorizationEvent['type'], ReviewOutcome>> = {
  AuthorizationNonUseNoticed: 'noticed',
  AuthorizationNonUseNoticeExtended: 'noticed',
  AuthorizationNonUseNoticeWithdrawn: 'withdrawn',
  AuthorizationRevoked: 'revoked',
};

const isOver = (state: RegisteredAuthorization, at: Instant): boolean => {
  const standing = standingAt(state, at);
  return standing === 'revoked' || standing === 'expired';
};

/** When the first notice of one that is never used is due. */
export function firstNoticeFrom(
  backbone: Backbone,
  counted: Pick<RegisteredAuthorization, 'registeredAt' | 'validFrom'>,
): Instant {
  return instantFromEpoch(periodsOf(backbone, counted, null).noticeFrom);
}

/** A day counts as used until its end: so nothing is done too early by what a day's last use is not known of. */
const periodsOf = (
  { rules }: Backbone,
  { registeredAt, validFrom }: Pick<RegisteredAuthorization, 'registeredAt' | 'validFrom'>,
  lastUsedAt: Instant | null,
) =>
  nonUsePeriods(
    {
      ...{ registeredAt: epochOf(registeredAt), validFrom: epochOf(validFrom) },
      ...(lastUsedAt === null ? {} : { lastUsedAt: endOfAmsterdamDay(epochOf(lastUsedAt)) }),
    },
    rules,
  );

interface OnRecord {
  readonly state: RegisteredAuthorization;
  readonly history: readonly Recorded<DomainEvent>[];
}

async function commandFor(
  backbone: Backbone,
  onRecord: OnRecord,
  { lastUsedAt, recordsUpTo }: { readonly lastUsedAt: Instant | null; readonly recordsUpTo: bigint },
): Promise<ReviewNonUse> {
  const { state } = onRecord;
  const now = backbone.now();
  const isRevoked = backbone.governance.revokesUnused(ehOfM(state.m), now);
  const periods = periodsOf(backbone, state, lastUsedAt);
  const noticeFrom = instantFromEpoch(periods.noticeFrom);
  const told = await toldOf(backbone, onRecord, { periods, now });
  return {
    ...{ type: 'ReviewNonUse', lastUsedAt, recordsUpTo: String(recordsUpTo), now },
    periods: isRevoked
      ? {
          countsFrom: instantFromEpoch(periods.countsFrom),
          noticeFrom,
          revokesAt: instantFromEpoch(periods.revocableAfter(epochOf(now))),
        }
      : null,
    addressees: isRevoked && noticeFrom <= now ? await addresseesOfNotice(backbone, state) : [],
    told,
    erased: await erasedOf(backbone, state, { told, now }),
  };
}

/** Whether what it says may be done as far as it goes, so that it is asked who was told. */
const isDue = ({ nonUse }: RegisteredAuthorization, now: Instant): boolean =>
  nonUse?.addressees !== undefined && nonUse.revokesAt <= now;

/** Who of those who were not told is beyond being told. */
async function erasedOf(
  backbone: Backbone,
  state: RegisteredAuthorization,
  { told, now }: { readonly told: readonly AddresseeTold[]; readonly now: Instant },
): Promise<readonly Addressee[]> {
  if (!isDue(state, now)) return [];
  const untold = state.nonUse!.addressees!.filter((one) => !isAmong(told, one));
  const found = await fewAtOnce(untold, async (one) => ((await isErased(backbone, one)) ? [one] : []));
  return found.flat();
}

/**
 * Who was told of the notice that stands, once it is due: by what stands on record of his confirmation, and not by its
 * having been written (NONUSE-03).
 */
async function toldOf(
  { commands }: Backbone,
  { state, history }: OnRecord,
  { periods, now }: { readonly periods: NonUsePeriods; readonly now: Instant },
): Promise<readonly AddresseeTold[]> {
  if (!isDue(state, now)) return [];
  const { noticedAt } = state.nonUse!;
  const named = namedBy(history);
  const ids = named.map(({ by, addressee }) => confirmationIdOf(by, 'nonUse', addressee));
  const streams = ids.map((id) => streamId('confirmation', id));
  const confirmations = await commands.loadAll(confirmationDecider, streams);
  return named.flatMap(({ addressee }, nr) => {
    const { state: telling } = confirmations[nr]!;
    const sentAt = toldAt(telling);
    if (sentAt === undefined || telling.status === 'unwritten') return [];
    // By whatever date a message bears, nobody was told of the notice before there was one.
    const from = epochOf(sentAt > noticedAt ? sentAt : noticedAt);
    const byRules = instantFromEpoch(periods.revocableAfter(from));
    // The moment that he was told is kept to, whatever the rules of now make of it (NONUSE-02).
    const { revokesAt = byRules } = telling.effective;
    const runsOutAt = revokesAt > byRules ? revokesAt : byRules;
    return [{ addressee, confirmation: ids[nr]!, sentAt, runsOutAt }];
  });
}

/** Everybody whom the last notice names, each with the event that does: his confirmation is of that one. */
function namedBy(
  history: readonly Recorded<DomainEvent>[],
): readonly { readonly by: string; readonly addressee: Addressee }[] {
  const notice = history.findLastIndex(({ type }) => type === 'AuthorizationNonUseNoticed');
  return history.slice(notice).flatMap(({ type, data, metadata }) => {
    if (type !== 'AuthorizationNonUseNoticed' && type !== 'AuthorizationNonUseNoticeExtended') return [];
    const { addressees = [] } = data as AuthorizationNonUseNoticed['data'];
    return addressees.map((addressee) => ({ by: metadata.id, addressee }));
  });
}

function nextFor({ nonUse }: RegisteredAuthorization, judged: ReviewNonUse): { readonly next: Instant } {
  const { periods, told, now } = judged;
  if (nonUse !== undefined) {
    const daily = later(now, LOOK_AT_NOTICED);
    const [runsOutAt] = [nonUse.revokesAt, ...told.map((one) => one.runsOutAt)].sort().slice(-1);
    return { next: runsOutAt! > now && runsOutAt! < daily ? runsOutAt! : daily };
  }
  return { next: periods === null ? later(now, LOOK_AT_POLICY) : periods.noticeFrom };
}

/**
 * The key is of the revision that was judged: whoever reviews the same at the same time makes the same ids, and what
 * is reviewed again later is another command.
 */
function contextOf(backbone: Backbone, authorization: AuthorizationId, revision: number | 'no-stream'): CommandContext {
  const key = `${NON_USE}/${authorization}/${revision}`;
  return {
    participant: backbone.participant.oin,
    ...{ client: NON_USE, key, requestHash: key, correlationId: key, actor: { system: NON_USE } },
    ruleSet: backbone.rules.version,
  };
}
