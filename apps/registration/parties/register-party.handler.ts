import { streamId, type PersonId, type Rejection } from '#libs/kernel';
import { NothingToReplay, type CommandOutcome } from '#libs/eventing';
import { commandContext, findPerson, partyIdOf, type Backbone, type CommandRequest } from '#libs/application';
import { judgeRegistration, partyDecider, type Party, type PartyEvent } from '#libs/domain';
import type { RegisterPartyRequest } from './party.requests.js';

/** Registers a party, one per number. */
export async function registerParty(
  backbone: Backbone,
  request: CommandRequest,
  body: RegisterPartyRequest,
): Promise<CommandOutcome<Party, PartyEvent>> {
  const { kind, register, number, name, address, email, telephone } = body;
  // A practitioner is one human, whatever the request says: the name is his.
  const naturalPersonsBusiness = body.naturalPersonsBusiness || kind === 'practitioner';
  const party = await partyIdOf(backbone, register, number);
  const faults = await faultsOf(backbone, body);
  const stream = streamId('party', party);
  const rejected = { outcome: 'rejected', rejections: faults } as const;
  // What was registered before it was judged like this is answered as it was (interfaces.md §3), and nothing else is.
  const replayOnly = faults.length > 0;
  if (replayOnly && !(await backbone.commands.knowsKey(stream, keyOf(backbone, request)))) return rejected;
  const context = await commandContext(
    backbone,
    replayOnly ? { ...request, replayOnly } : request,
    'RegisterParty',
    body,
    naturalPersonsBusiness ? { holder: { kind: 'party', id: party } } : {},
  );
  try {
    return await backbone.commands.execute(
      partyDecider,
      stream,
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
  } catch (error) {
    if (error instanceof NothingToReplay) return rejected;
    throw error;
  }
}

async function faultsOf(
  backbone: Backbone,
  { kind, register, number, person: named }: RegisterPartyRequest,
): Promise<readonly Rejection[]> {
  const person = named === undefined ? undefined : await findPerson(backbone, named, '/person');
  return [
    ...judgeRegistration({ kind, register, number, person: named }),
    ...(person !== undefined && 'fault' in person ? [person.fault] : []),
  ];
}

const keyOf = ({ participant }: Backbone, { client, idempotencyKey }: CommandRequest) => ({
  participant: participant.oin,
  client,
  key: idempotencyKey,
});
