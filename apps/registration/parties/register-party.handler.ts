import { streamId, type PartyId } from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
import { commandContext, type Backbone, type CommandRequest } from '#libs/application';
import { partyDecider, type Party, type PartyEvent } from '#libs/domain';
import type { RegisterPartyRequest } from './party.requests.js';

/** How a register writes its numbers, where that is fixed. */
const NUMBER_FORMS: { readonly [register: string]: RegExp | undefined } = { kvk: /^\d{8}$/, rsin: /^\d{9}$/ };

/** Registers a party. Its id follows from register and number, so that there is one per number (interfaces.md §3). */
export async function registerParty(
  backbone: Backbone,
  request: CommandRequest,
  body: RegisterPartyRequest,
): Promise<CommandOutcome<Party, PartyEvent>> {
  const { kind, register, number, name, address, email, telephone } = body;
  const form = NUMBER_FORMS[register];
  if (form !== undefined && !form.test(number)) {
    return {
      outcome: 'rejected',
      rejections: [
        { code: 'invalid-value', kind: 'invalid', pointer: '/number', facts: { register, form: form.source } },
      ],
    };
  }
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
