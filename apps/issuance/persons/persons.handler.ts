import { streamId, type DocumentId, type PersonId } from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
import { commandContext, findPerson, type Backbone, type CommandRequest } from '#libs/application';
import {
  personDecider,
  personRejections,
  rejecting,
  type Person,
  type PersonAttributes,
  type PersonEvent,
} from '#libs/domain';
import { personView, type PersonView } from './person.view.js';
import type { LinkPersonRequest, RecordDocumentRequest, RegisterPersonRequest } from './person.requests.js';

const rejectPerson = rejecting(personRejections);

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
  const context = await commandContext(backbone, request, 'RegisterPerson', body, {
    holder: { kind: 'person', id: person },
  });
  const hold = await reserve(backbone, person, 'person-identity', identityOf(body), async (other) =>
    identityOf(await attributesOf(backbone, other)),
  );
  const outcome = await backbone.commands.execute(
    personDecider,
    streamId('person', person),
    () => ({
      type: 'RegisterPerson',
      person,
      attributes: { ...body } as PersonAttributes,
      ...(hold.duplicateOf === undefined ? {} : { duplicateOf: hold.duplicateOf }),
    }),
    context,
  );
  if (outcome.outcome === 'accepted') await hold.confirm();
  return outcome;
}

/** Records an identity document. Its type and number belong to one person, like the attributes above. */
export async function recordDocument(
  backbone: Backbone,
  request: CommandRequest,
  person: PersonId,
  body: RecordDocumentRequest,
): Outcome {
  const { oin } = backbone.participant;
  const document = derivedId('document', oin, request.client, person, request.idempotencyKey) as DocumentId;
  const known = await findPerson(backbone, person, '');
  if ('fault' in known) return { outcome: 'rejected', rejections: [rejectPerson('no-such-person')] };
  const context = await commandContext(backbone, request, 'RecordDocument', body, {
    holder: { kind: 'document', id: document },
  });
  const identity = `${body.documentType}\n${body.number}`;
  const hold = known.found.documents.has(document)
    ? NOTHING_HELD
    : await reserve(backbone, person, 'document-identity', identity, async (other) =>
        (await documentIdentitiesOf(backbone, other)).find((one) => one === identity),
      );
  const outcome = await backbone.commands.execute(
    personDecider,
    streamId('person', person),
    () => ({
      type: 'RecordDocument',
      document,
      documentType: body.documentType,
      number: body.number,
      expiresOn: body.expiresOn,
      ...(body.issuer === undefined ? {} : { issuer: body.issuer }),
      ...(hold.duplicateOf === undefined ? {} : { duplicateOf: hold.duplicateOf }),
    }),
    context,
  );
  if (outcome.outcome === 'accepted') await hold.confirm();
  return outcome;
}

interface Hold {
  /** Who has it, when somebody else does. */
  readonly duplicateOf?: PersonId;
  /** The fact is on record: the row no longer lapses. */
  confirm(): Promise<void>;
}

const NOTHING_HELD: Hold = { confirm: async () => undefined };

/**
 * Takes what identifies the person, unless that person is on record already (a retry reserves nothing). `identityOfOther`
 * tells what a person on record is identified by, so that a row whose confirmation was lost still counts.
 */
async function reserve(
  backbone: Backbone,
  person: PersonId,
  purpose: 'person-identity' | 'document-identity',
  identity: string | undefined,
  identityOfOther: (other: PersonId) => Promise<string | undefined>,
): Promise<Hold> {
  if (identity === undefined) return NOTHING_HELD;
  if (purpose === 'person-identity' && 'found' in (await findPerson(backbone, person, ''))) return NOTHING_HELD;
  const { reservations } = backbone.secrets;
  const hashes = await backbone.secrets.lookupHashes(purpose, identity);
  const { holder, mine } = await reservations.reserve(
    hashes,
    person,
    backbone.now(),
    async (other) => (await identityOfOther(other)) === identity,
  );
  if (!mine) return { ...NOTHING_HELD, duplicateOf: holder };
  return { confirm: async () => void (await reservations.confirm(hashes, person)) };
}

/** The attributes that together identify a person, in one form; `undefined` while they are not all there. */
function identityOf({ familyName, givenNames, birthDate, birthPlace }: PersonAttributes): string | undefined {
  if (familyName === undefined || givenNames === undefined || birthDate === undefined || birthPlace === undefined) {
    return undefined;
  }
  const plain = (text: string): string =>
    text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
  return [familyName, givenNames, birthDate, birthPlace].map(plain).join('\n');
}

async function viewOf(backbone: Backbone, person: PersonId): Promise<PersonView | undefined> {
  const { state, history } = await backbone.commands.load(personDecider, streamId('person', person));
  return state.status === 'none' ? undefined : personView(backbone.sealer, state, history);
}

const attributesOf = async (backbone: Backbone, person: PersonId): Promise<PersonAttributes> =>
  (await viewOf(backbone, person)) ?? {};

const documentIdentitiesOf = async (backbone: Backbone, person: PersonId): Promise<readonly string[]> =>
  ((await viewOf(backbone, person))?.documents ?? []).map(({ documentType, number }) => `${documentType}\n${number}`);

export async function linkPerson(
  backbone: Backbone,
  request: CommandRequest,
  person: PersonId,
  body: LinkPersonRequest,
): Outcome {
  const other = await findPerson(backbone, body.to, '/to');
  if ('fault' in other) return { outcome: 'rejected', rejections: [other.fault] };
  const context = await commandContext(backbone, request, 'LinkPerson', body);
  return backbone.commands.execute(
    personDecider,
    streamId('person', person),
    () => ({ type: 'LinkPerson', to: other.found.id }),
    context,
  );
}
