import { streamId, type ContactId, type PartyId, type PersonId, type Rejection } from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
import {
  commandContext,
  correctionGround,
  correctionOutcome,
  findParty,
  findPerson,
  supplierOf,
  type Backbone,
  type CommandRequest,
  type CorrectionOutcome,
} from '#libs/application';
import type { RecordContactRequest } from '#libs/composition';
import {
  PARTY_ATTRIBUTES,
  partyDecider,
  partyRejections,
  rejecting,
  type Party,
  type PartyCommand,
  type PartyDetails,
  type PartyEvent,
} from '#libs/domain';
import { openDetails } from './party.view.js';
import type { CorrectPartyRequest } from './party.requests.js';

const rejectParty = rejecting(partyRejections);

type Outcome = Promise<CommandOutcome<Party, PartyEvent>>;

/** Corrects attributes on the ground of checks. Kind, register and number are what the party is, and stay (RIGHTS-06). */
export async function correctParty(
  backbone: Backbone,
  request: CommandRequest,
  party: PartyId,
  body: CorrectPartyRequest,
): Promise<CorrectionOutcome<Party, PartyEvent>> {
  const known = await findParty(backbone, party, '');
  if ('fault' in known) return refused(rejectParty('no-such-party'));
  const ground = await correctionGround(backbone, { party }, body);
  const { person: named, ...wanted } = body.set;
  const person = named === undefined ? undefined : await findPerson(backbone, named, '/set/person');
  const unknown = person !== undefined && 'fault' in person ? [person.fault] : [];
  if ('faults' in ground || unknown.length > 0) {
    return refused(...('faults' in ground ? ground.faults : []), ...unknown);
  }
  const { application, checks } = ground;
  const shown = MEMBERS.filter((name) => ground.shown.includes(name));
  const isOpen = known.found.publicDetails !== undefined;
  const context = await commandContext(
    backbone,
    request,
    'CorrectParty',
    body,
    isOpen ? {} : { holder: { kind: 'party', id: party } },
  );
  const outcome = await backbone.commands.execute(
    partyDecider,
    streamId('party', party),
    async (state, history): Promise<PartyCommand> => {
      const current = state.status === 'none' ? {} : await openDetails(backbone.sealer, state, history);
      const corrected = PARTY_ATTRIBUTES.filter((name) => wanted[name] !== undefined && wanted[name] !== current[name]);
      const set = Object.fromEntries(corrected.map((name) => [name, wanted[name]]));
      return {
        type: 'CorrectParty',
        application,
        checks,
        shown,
        details: { ...current, ...set } as PartyDetails,
        corrected,
        ...(named === undefined ? {} : { person: named as PersonId }),
        now: backbone.now(),
      };
    },
    context,
  );
  return correctionOutcome(outcome, ground);
}

const MEMBERS = [...PARTY_ATTRIBUTES, 'person'] as const;

const refused = (...rejections: readonly Rejection[]): CorrectionOutcome<Party, PartyEvent> => ({
  outcome: { outcome: 'rejected', rejections },
  evidence: [],
});

export async function recordPartyContact(
  backbone: Backbone,
  request: CommandRequest,
  party: PartyId,
  body: RecordContactRequest,
): Outcome {
  const { oin } = backbone.participant;
  const contact = derivedId('contact', oin, request.client, party, request.idempotencyKey) as ContactId;
  const known = await findParty(backbone, party, '');
  if ('fault' in known) return { outcome: 'rejected', rejections: [rejectParty('no-such-party')] };
  const supplied = await supplierOf(backbone, { party }, body.suppliedBy);
  if ('fault' in supplied) return { outcome: 'rejected', rejections: [supplied.fault] };
  const { kind, value } = body;
  return backbone.commands.execute(
    partyDecider,
    streamId('party', party),
    () => ({ type: 'RecordPartyContact', contact, kind, value, suppliedBy: supplied.supplier }),
    await commandContext(backbone, request, 'RecordPartyContact', body, { holder: { kind: 'party', id: party } }),
  );
}
