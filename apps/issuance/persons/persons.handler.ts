import { streamId, type DocumentId, type PersonId } from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
import { commandContext, findPerson, type Backbone, type CommandRequest } from '#libs/application';
import { personDecider, type Person, type PersonAttributes, type PersonEvent } from '#libs/domain';
import type { LinkPersonRequest, RecordDocumentRequest, RegisterPersonRequest } from './person.requests.js';

type Outcome = Promise<CommandOutcome<Person, PersonEvent>>;

/**
 * Registers a person. His identifying attributes are reserved first; when another has them, he is recorded all the
 * same, as a duplicate that a clerk has to resolve (interfaces.md §3, MEANS-ID2-ii.b).
 */
export async function registerPerson(
  backbone: Backbone,
  request: CommandRequest,
  body: RegisterPersonRequest,
): Outcome {
  const person = derivedId('person', backbone.participant.oin, request.client, request.idempotencyKey) as PersonId;
  const context = await commandContext(backbone, request, body, { holder: { kind: 'person', id: person } });
  const { reservations, lookupHashes } = backbone.secrets;

  const identity = identityOf(body);
  const hashes = identity === undefined ? [] : await lookupHashes('person-identity', identity);
  const reserved =
    hashes.length === 0
      ? undefined
      : await reservations.reserve(
          hashes,
          person,
          backbone.now(),
          async (other) => 'found' in (await findPerson(backbone, other, '')),
        );

  const outcome = await backbone.commands.execute(
    personDecider,
    streamId('person', person),
    () => ({
      type: 'RegisterPerson',
      person,
      attributes: { ...body } as PersonAttributes,
      ...(reserved === undefined || reserved.mine ? {} : { duplicateOf: reserved.holder }),
    }),
    context,
  );
  if (outcome.outcome === 'accepted' && reserved?.mine === true) await reservations.confirm(hashes, person);
  return outcome;
}

/** The attributes that together identify a person, in one form; `undefined` while they are not all there. */
function identityOf({ familyName, givenNames, birthDate, birthPlace }: RegisterPersonRequest): string | undefined {
  if (familyName === undefined || givenNames === undefined || birthDate === undefined || birthPlace === undefined)
    return undefined;
  const plain = (text: string): string =>
    text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
  return [familyName, givenNames, birthDate, birthPlace].map(plain).join('\n');
}

export async function recordDocument(
  backbone: Backbone,
  request: CommandRequest,
  person: PersonId,
  body: RecordDocumentRequest,
): Outcome {
  const document = derivedId(
    'document',
    backbone.participant.oin,
    request.client,
    request.idempotencyKey,
  ) as DocumentId;
  const context = await commandContext(backbone, request, body, { holder: { kind: 'document', id: document } });
  return backbone.commands.execute(
    personDecider,
    streamId('person', person),
    () => ({
      type: 'RecordDocument',
      document,
      documentType: body.documentType,
      number: body.number,
      expiresOn: body.expiresOn,
      ...(body.issuer === undefined ? {} : { issuer: body.issuer }),
    }),
    context,
  );
}

export async function linkPerson(
  backbone: Backbone,
  request: CommandRequest,
  person: PersonId,
  body: LinkPersonRequest,
): Outcome {
  const other = await findPerson(backbone, body.to, '/to');
  if ('fault' in other) return { outcome: 'rejected', rejections: [other.fault] };
  const context = await commandContext(backbone, request, body);
  return backbone.commands.execute(
    personDecider,
    streamId('person', person),
    () => ({ type: 'LinkPerson', to: other.found.id }),
    context,
  );
}
