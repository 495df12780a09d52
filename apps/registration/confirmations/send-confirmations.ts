import { streamId, type ConfirmationId, type Instant } from '#libs/kernel';
import type { Chore, DueItem, KeptItem, Performed } from '#libs/eventing';
import { isErased, type Backbone } from '#libs/application';
import { confirmationDecider, revokesWhenTold } from '#libs/domain';
import { afterTheLast, isPastPatience, nextAttempt } from '../webhook-subscriptions/retry-plan.js';
import { lapsedSince } from './lapses.js';
import { asHtml } from './letters.js';
import { noteOutcome, type Ended, type Noting } from './note-outcome.js';
import { addressIn, contentOf, unlessErased } from './opened-confirmation.js';
import { MAIL } from './write-confirmations.js';

/** Messages under way at once: one server takes them all. */
const TOGETHER = 4;
const KEEP_FOR = 30 * 24 * 3_600_000;

/**
 * Hands what is due to the mail server, and notes what came of it. The attempt is counted before it is made. Killed between
 * the server's yes and our note of it, one is sent again, under the same `Message-ID`; so is it no oftener than the plan of
 * attempts has it, whatever can't be noted. Where this process lives on it remembers the yes, and notes it later.
 */
export function sendings(backbone: Backbone, ended: Ended = () => undefined, chance = Math.random): Chore {
  const { mail } = backbone.telling;
  /** Taken by the server, and not noted yet; by the work of sending, since what is tried again is another message. */
  const taken = new Map<string, Noting>();

  async function perform(item: KeptItem, signal: AbortSignal): Promise<Performed> {
    const { confirmation: id, retry } = sendingOf(item);
    const { state, history } = await backbone.commands.load(confirmationDecider, streamId('confirmation', id));
    const known = taken.get(item.id);
    const isOfBefore = state.status === 'unwritten' || (state.retries ?? 0) !== retry;
    // Told or given up meanwhile; of what a person had tried again the work of before is over.
    if (isOfBefore || (state.status !== 'waiting' && (known === undefined || state.status !== 'lapsed'))) {
      taken.delete(item.id);
      return { is: 'done' };
    }
    if (known !== undefined) return noted(item, known);
    const since = await lapsedSince(backbone, state);
    if (since !== undefined) return noted(item, { type: 'LapseConfirmation', since, now: backbone.now() });
    const failed = (attempts: number, why: Pick<Failed, 'reason' | 'status'>): Promise<Performed> =>
      noted(item, { type: 'NoteFailed', channel: 'email', retry, ...why, attempts, now: backbone.now() });
    if (isPastPatience(item)) return failed(item.attempts, { reason: 'notTaken' });
    const attempts = item.attempts + 1;
    const later = async (reason: string): Promise<Performed> => {
      const at = planned(item);
      return isPastPatience({ ...item, dueAt: at })
        ? failed(attempts, { reason: 'notTaken' })
        : { is: 'again', at, reason };
    };
    if (mail === undefined) return later('mail is off');
    const to = await unlessErased(addressIn(backbone.sealer, history));
    const revokesAt = revokesWhenTold(state, backbone.now(), backbone.rules.validity.noticeDays);
    const text = await unlessErased(contentOf(backbone.sealer, history, revokesAt));
    // Where he is reached has a key of its own, which may go later than his.
    const isGone = to === undefined || text === undefined || (await isErased(backbone, state.addressee));
    if (isGone) return failed(attempts, { reason: 'erased' });
    const { subject, language } = state;
    signal.throwIfAborted();
    const html = asHtml(subject, text, language);
    // What comes back says by it which sending it was of.
    const message = state.sending === 1 ? id : `${id}.${state.sending}`;
    const outcome = await mail.send({ to, language, subject, text, html, id: message }, signal);
    // Noted also where the turn is over by now: whoever has it next finds what was taken.
    switch (outcome.is) {
      case 'taken': {
        const sent: Noting = {
          ...{ type: 'NoteSent', channel: 'email', retry, attempts, now: backbone.now() },
          ...(revokesAt === undefined ? {} : { revokesAt }),
        };
        taken.set(item.id, sent);
        return noted(item, sent);
      }
      case 'refused':
        return failed(attempts, { reason: 'refused', status: outcome.status });
      case 'deferred':
        // What was cut off is nobody's failure: the next turn tries it, as counted.
        signal.throwIfAborted();
        return later(outcome.reason);
    }
  }

  /** When it is tried again, if nobody notes what came of this attempt. */
  function planned({ attempts, since }: KeptItem): Instant {
    const now = backbone.now();
    return nextAttempt({ attempts, since, now, chance: chance() }) ?? afterTheLast({ since, now });
  }

  async function noted(item: KeptItem, command: Noting): Promise<Performed> {
    await noteOutcome(backbone, sendingOf(item).confirmation, command, ended);
    taken.delete(item.id);
    return { is: 'done' };
  }

  return { kind: MAIL, attempt: planned, perform, perLane: TOGETHER, together: TOGETHER, keepFor: KEEP_FOR };
}

type Failed = Extract<Noting, { type: 'NoteFailed' }>;

/** The work of sending a confirmation by mail; what a person has tried again is work of its own, behind nothing. */
export function sendingItem(confirmation: string, retry: number, dueAt: Instant): DueItem {
  const id = retry === 0 ? confirmation : `${confirmation}/${retry}`;
  return { kind: MAIL, id, group: id, dueAt, payload: {} };
}

function sendingOf({ id }: KeptItem): { readonly confirmation: ConfirmationId; readonly retry: number } {
  const [confirmation, retry = '0'] = id.split('/');
  return { confirmation: confirmation as ConfirmationId, retry: Number(retry) };
}
