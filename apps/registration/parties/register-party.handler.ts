import { streamId, type PartyId, type PersonId } from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
import { commandContext, findPerson, type Backbone, type CommandRequest } from '#libs/application';
import { judgeRegistration, partyDecider, type Party, type PartyEvent } from '#libs/domain';
import type { RegisterPartyRequest } from './party.requests.js';

/** Registers a party. Its id follows from register and number, so that there is one per number (interfaces.md §3). */
export async function registerParty(
  backbone: Backbone,
  request: CommandRequest,
  body: RegisterPartyRequest,
): Promise<CommandOutcome<Party, PartyEvent>> {
  const { kind, register, number, name, address, email, telephone } = body;
  const person = body.person === undefined ? undefined : await findPerson(backbone, body.person, '/person');
  const faults = [
    ...judgeRegistration({ kind, register, number, person: body.person }),
    ...(person !== undefined && 'fault' in person ? [person.fault] : []),
  ];
  if (faults.length > 0) return { outcome: 'rejected', rejections: faults };
  // A practitioner is one human, whatever the request says: the name is his.
  const naturalPersonsBusiness = body.naturalPersonsBusiness || kind === 'practitioner';
  const party = derivedId('party', backbone.participant.oin, register, number) as PartyId;
  const context = await commandContext(
    backbone,
    request,
    'RegisterParty',
    body,
    naturalPersonsBusiness ? { holder: { kind: 'party', id: party } } : {},
  );
  return backbone.commands.execute(
    partyDecider,
    streamId('party', party),
    (_state, history) => ({
      type: 'RegisterParty',
      party,
      kind,
      register,
      number,
      ...(body.person === undefined ? {} : { person: body.person as PersonId }),
      details: {
        name,
        ...(address === undefined ? {} : { address }),
        ...(email === undefined ? {} : { email }),
        ...(telephone === undefined ? {} : { telephone }),
      },
      naturalPersonsBusiness,
      // Sealed details can't be compared; the hash of the request that made them can.
      sameAsRecorded: history[0]?.metadata.requestHash === context.requestHash,
    }),
    context,
  );
}
