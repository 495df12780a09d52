import type { DomainEvent, Recorded } from '#libs/kernel';
import { recordNamesShown, type Backbone } from '#libs/application';
import { readerOf } from '#libs/composition';
import {
  asToldAt,
  confirmationDecider,
  type Bearer,
  type ConfirmationWritten,
  type WrittenConfirmation,
} from '#libs/domain';
import type { Caller, RequestContext, Scope } from '#libs/platform';
import { confirmationView, openConfirmation, type ConfirmationView } from './confirmation.view.js';
import { lapsedSince } from './lapses.js';
import { NAMES, type Name } from './opened-confirmation.js';

/** Whoever is shown these elsewhere is shown their names here: `/v1/persons`, `/v1/parties`. */
const SHOWN_TO: Readonly<Record<Bearer['kind'], Scope>> = { person: 'issuance', party: 'registration' };

/**
 * A confirmation as the caller may see it: with names that are sealed only where he may see whose they are. Its words leave
 * the house with whoever fetches them to tell somebody: where there is such a name, or what shows a letter, that is on record
 * before they are answered.
 */
export async function showConfirmation(
  backbone: Backbone,
  { caller, context }: { readonly caller: Caller; readonly context: RequestContext },
  written: WrittenConfirmation,
  history: readonly Recorded<DomainEvent>[],
): Promise<ConfirmationView> {
  const startedAt = backbone.now();
  const state = await asItIsNow(backbone, written);
  const { data } = history[0] as Recorded<DomainEvent> & ConfirmationWritten;
  const maySee = ({ kind }: Bearer): boolean => caller.scopes.has(SHOWN_TO[kind]);
  const hidden = new Set(NAMES.filter((name) => data[name] !== undefined && !maySee(data[name])));
  // There are no words for what nobody is told.
  const hasWords = state.status !== 'lapsed';
  const { evidence, ...opened } = hasWords ? await openConfirmation(backbone.sealer, history, state, hidden) : {};
  const shown = { ...opened, ...(evidence !== undefined && maySee(state.addressee) ? { evidence } : {}) };
  const isNamed = (name: Name): boolean => data[`${name}Name`] !== undefined && data.text.includes(`{${name}}`);
  const tellsNames = shown.text !== undefined && NAMES.some((name) => isNamed(name) && !hidden.has(name));
  if (tellsNames || shown.evidence !== undefined) {
    const named = NAMES.filter((name) => isNamed(name) && !hidden.has(name)).map((name) => data[name]);
    await recordNamesShown(backbone, readerOf(caller, context), {
      ...{ what: 'confirmations', question: { id: state.confirmation }, shown: [state.confirmation], startedAt },
      subjects: personsAmong([...named, ...(shown.evidence === undefined ? [] : [state.addressee])]),
    });
  }
  const leavesOut = shown.text !== undefined && NAMES.some((name) => isNamed(name) && hidden.has(name));
  return { ...confirmationView(state, shown), ...(leavesOut ? { withoutNames: true as const } : {}) };
}

const personsAmong = (bearers: readonly (Bearer | undefined)[]): readonly string[] => [
  ...new Set(bearers.flatMap((bearer) => (bearer?.kind === 'person' ? [bearer.id] : []))),
];

/**
 * What is not told yet is shown as it would be told now: who sends a letter takes its words from here. What does not hold any
 * more is told by nobody, also where that is not on record yet.
 */
async function asItIsNow(backbone: Backbone, written: WrittenConfirmation): Promise<WrittenConfirmation> {
  if (written.status === 'sent' || written.status === 'lapsed') return written;
  const [now, since] = [backbone.now(), await lapsedSince(backbone, written)];
  if (since === undefined) return asToldAt(written, now, backbone.rules.validity.noticeDays);
  const data = { confirmation: written.confirmation, since, lapsedAt: now };
  return confirmationDecider.evolve(written, { type: 'ConfirmationLapsed', data }) as WrittenConfirmation;
}
