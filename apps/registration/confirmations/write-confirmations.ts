import { createHash } from 'node:crypto';
import { streamId, type ConfirmationId, type ContactId } from '#libs/kernel';
import { KeyDestroyed, StoreUnavailable, type DueItem, type KeptItem } from '#libs/eventing';
import { authorizationsProjection, type Backbone } from '#libs/application';
import {
  confirmationDecider,
  organizationId,
  partyDecider,
  type Addressee,
  type Bearer,
  type ConfirmationCommand,
  type ConfirmationOutcome,
  type ConfirmedObject,
  type NO_CHANNEL,
} from '#libs/domain';
import { webhookSubscriptionsProjection } from '../webhook-subscriptions/webhook-subscriptions.projection.js';
import { knownOf, type Known } from './addresses.js';
import { letterOf, unmarked, withNames, type LetterParts, type Told } from './letters.js';
import { CONFIRMATIONS } from './note-outcome.js';
import { enqueuePassingOn } from './pass-on.js';
import { enqueueEach, idOf, type TellingPayload, type ToldFact } from './telling-work.js';
import { tellingsOf, toldBy, type Telling } from './what-is-told.js';

/** Kind of the work of sending one by mail. */
export const MAIL = 'confirmation-mail';

/**
 * Enqueues what is told of the fact, each message as work of its own: one that can't be written holds up no other, and what was
 * interrupted goes on where it was. What it passes on to thousands perhaps is looked for by work of its own (`pass-on.ts`). Done again it makes nothing anew: the id of a confirmation comes from
 * the fact, its addressee, its kind and what was passed on, so that nobody is told twice by two of them.
 */
export async function enqueueTellings(backbone: Backbone, fact: ToldFact, signal: AbortSignal): Promise<void> {
  // Administrators and links of chains are those of now: everything before the fact is among them.
  await backbone.readModels.upToDate(authorizationsProjection as never);
  const tellings = await tellingsOf(backbone, fact.stream, fact.revision, signal);
  await enqueueEach(backbone, fact, tellings, signal);
  await enqueuePassingOn(backbone, fact, signal);
}

/** Writes what one addressee is told of a fact, and enqueues what goes by mail. */
export async function writeTelling(
  backbone: Backbone,
  { payload }: KeptItem,
  wrote: (outcome: ConfirmationOutcome) => void = () => undefined,
): Promise<void> {
  const { fact, telling } = payload as unknown as TellingPayload;
  const { event, correlationId } = fact;
  const { kind, addressee } = telling;
  const confirmation = idOf(fact, telling);
  const stream = streamId('confirmation', confirmation);
  const before = await backbone.commands.load(confirmationDecider, stream);
  if (before.state.status === 'unwritten') {
    // Receivers are those of now.
    await backbone.readModels.upToDate(webhookSubscriptionsProjection as never);
    const told = await toldBy(backbone, fact.stream, fact.revision, telling);
    if (told === undefined) return;
    const command = (): Promise<ConfirmationCommand> =>
      commandOf(backbone, fact, confirmation, { kind, addressee, told });
    const outcome = await backbone.commands
      .execute(confirmationDecider, stream, command, {
        participant: backbone.participant.oin,
        ...{ client: CONFIRMATIONS, key: confirmation, requestHash: confirmation },
        ...{ actor: { system: CONFIRMATIONS }, correlationId, causationId: event },
      })
      .catch((error: unknown) => {
        // A key went between the look at it and the sealing: the next look finds it gone.
        if (error instanceof KeyDestroyed) throw new StoreUnavailable('a key was destroyed meanwhile');
        throw error;
      });
    if (outcome.outcome !== 'accepted' || outcome.state.status === 'unwritten') {
      throw new StoreUnavailable(`confirmation ${confirmation} could not be written: ${outcome.outcome}`);
    }
    if (!outcome.replayed) wrote(outcome.state.status);
    if (outcome.state.status === 'waiting') await enqueue(backbone, confirmation, outcome.state.channel);
  } else if (before.state.status === 'waiting') await enqueue(backbone, confirmation, before.state.channel);
}

/** Known already where the process was killed behind it. */
async function enqueue({ dueWork, now }: Backbone, confirmation: string, channel: string): Promise<void> {
  if (channel !== 'email') return;
  const item: DueItem = { kind: MAIL, id: confirmation, group: confirmation, dueAt: now(), payload: {} };
  await dueWork.enqueue([item]);
}

async function commandOf(
  backbone: Backbone,
  { event }: ToldFact,
  confirmation: ConfirmationId,
  { kind, addressee, told }: Pick<Telling, 'kind' | 'addressee'> & { readonly told: Told },
): Promise<ConfirmationCommand> {
  const { participant, telling, governance, now } = backbone;
  const { authorized, represented } = bearersOf(told);
  const knownAuthorized = await knownOf(backbone, authorized);
  const knownRepresented = represented && (await knownOf(backbone, represented));
  const { language } = telling;
  const { subject, text, effective } = letterOf({
    ...{ kind, role: addressee.role, told, language, at: now(), participant: participant.name },
    ...(represented === undefined ? {} : { organization: numberOf(knownRepresented) }),
    ...(await clientsOf(backbone, told)),
    serviceName: (id) => governance.service(id)?.name,
  });
  // Not of whom the words do not name.
  const authorizedName = text.includes('{authorized}') ? sealedName(knownAuthorized) : undefined;
  const representedName = sealedName(knownRepresented ?? 'erased');
  // Once over for both: a name that looks like the mark of the other is none.
  const shown = withNames(text, {
    ...(authorizedName === undefined ? { authorized: openName(knownAuthorized) } : {}),
    ...(representedName === undefined ? { represented: openName(knownRepresented ?? 'erased') } : {}),
  });
  return {
    type: 'WriteConfirmation',
    ...{ confirmation, kind, about: objectOf(told), event, addressee },
    ...(await channelOf(backbone, addressee)),
    ...{ language, subject, text: shown, contentHash: hashOf(subject, shown) },
    ...{ authorized, ...(represented === undefined ? {} : { represented }) },
    ...(authorizedName === undefined ? {} : { authorizedName }),
    ...(representedName === undefined ? {} : { representedName }),
    ...{ effective, now: now() },
  };
}

/** Clients whose numbers a message names; that there are more is said. */
const MOST_CLIENTS = 100;

/** Whom the authorization is for alone, by number; not to one who is told that his own authority was passed on by it. */
async function clientsOf(
  { commands }: Backbone,
  { authorization, passedOn }: Told,
): Promise<Pick<LetterParts, 'clients'>> {
  const clients = authorization?.onlyForClients;
  if (clients === undefined || passedOn !== undefined) return {};
  const named = clients.slice(0, MOST_CLIENTS);
  const found = await commands.loadAll(
    partyDecider,
    named.map((id) => streamId('party', id)),
  );
  const numbers = found.map(({ state }) => (state.status === 'none' ? '–' : organizationId(state)));
  return { clients: { numbers, more: clients.length - named.length } };
}

const numberOf = (known: Known | 'erased' | undefined): string =>
  known === undefined || known === 'erased' ? '–' : (known.organization ?? '–');

/** SHA-256 of what is told, names apart. */
export const hashOf = (subject: string, text: string): string =>
  createHash('sha256').update(`${subject}\n\n${text}`).digest('hex');

const objectOf = ({ authorization, means }: Told): ConfirmedObject =>
  authorization === undefined ? { means: means!.id } : { authorization: authorization.authorization };

function bearersOf({ authorization, means }: Told): { readonly authorized: Bearer; readonly represented?: Bearer } {
  if (authorization === undefined) {
    const { holder, party } = means!;
    return {
      authorized: { kind: 'person', id: holder },
      ...(party === undefined ? {} : { represented: { kind: 'party', id: party } }),
    };
  }
  const { authorizedParty, representedParty } = authorization;
  return {
    authorized:
      'person' in authorizedParty
        ? { kind: 'person', id: authorizedParty.person }
        : { kind: 'party', id: authorizedParty.party },
    represented: { kind: 'party', id: representedParty },
  };
}

/** A name that is sealed, and whose mark stays in the text; `undefined`: it may stand there. */
const sealedName = (known: Known | 'erased'): string | undefined =>
  known !== 'erased' && known.isPersonal ? known.name : undefined;

/** A name that anybody may read. */
const openName = (known: Known | 'erased'): string => (known === 'erased' ? '–' : unmarked(known.name ?? '–'));

/** Where mail goes, or why it can't. */
export async function mailOf(
  backbone: Backbone,
  addressee: Addressee,
): Promise<
  { readonly address: string; readonly contact?: ContactId } | { readonly noChannel: (typeof NO_CHANNEL)[number] }
> {
  const known = await knownOf(backbone, addressee);
  if (known === 'erased') return { noChannel: 'erased' };
  if (backbone.telling.mail === undefined) return { noChannel: 'mailOff' };
  if (known.email === undefined) return { noChannel: 'noAddress' };
  return { address: known.email, ...(known.emailOf === undefined ? {} : { contact: known.emailOf }) };
}

type ChannelParts = Pick<
  Extract<ConfirmationCommand, { type: 'WriteConfirmation' }>,
  'channel' | 'noChannel' | 'address' | 'contact'
>;

/** Mail, where it can go; else a receiver that fetches it and sees to the rest; else none, which says why. */
async function channelOf(backbone: Backbone, addressee: Addressee): Promise<ChannelParts> {
  const by = await mailOf(backbone, addressee);
  if ('address' in by) return { channel: 'email', ...by };
  if (by.noChannel === 'erased') return { channel: 'none', noChannel: 'erased' };
  const receivers = await backbone.readModels.store.search(webhookSubscriptionsProjection, {
    where: [
      { column: 'status', is: 'equal', value: 'active' },
      { column: 'eventTypes', is: 'containing', value: 'ConfirmationWritten' },
    ],
    limit: 1,
  });
  if (receivers.length > 0) return { channel: 'webhook' };
  return { channel: 'none', noChannel: by.noChannel };
}
