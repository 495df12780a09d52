import {
  streamId,
  type ApplicationId,
  type ContactId,
  type DocumentId,
  type DomainEvent,
  type PersonId,
  type Recorded,
  type Rejection,
} from '#libs/kernel';
import { derivedId, StoreUnavailable, type CommandOutcome } from '#libs/eventing';
import {
  commandContext,
  correctionGround,
  correctionOutcome,
  findApplication,
  findPerson,
  foreseen,
  openPerson,
  personOnRecord,
  RECOGNITION,
  settlePerson,
  supplierOf,
  type Backbone,
  type CommandRequest,
  type CorrectionGround,
  type CorrectionOutcome,
} from '#libs/application';
import {
  differIn,
  MAX_DOCUMENTS,
  PERSON_ATTRIBUTES,
  personDecider,
  personRejections,
  rejecting,
  type Distinction,
  type Person,
  type PersonAttributes,
  type PersonCommand,
  type PersonEvent,
} from '#libs/domain';
import type { RecordContactRequest } from '#libs/composition';
import type {
  CorrectPersonRequest,
  LinkPersonRequest,
  RecordDocumentRequest,
  RegisterPersonRequest,
} from './person.requests.js';

const rejectPerson = rejecting(personRejections);

type Outcome = Promise<CommandOutcome<Person, PersonEvent>>;

const rejected = (...rejections: readonly Rejection[]) => ({ outcome: 'rejected', rejections }) as const;

/**
 * Registers a person. What identifies him is reserved first; others who are recognized in it are named in what is
 * recorded, for a clerk to resolve (interfaces.md §3, MEANS-ID2-ii.b).
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
  const { application: named, ...attributes } = body;
  const isRetry = 'found' in (await findPerson(backbone, person, ''));
  const application =
    named === undefined || isRetry ? undefined : await findApplication(backbone, named, '/application');
  if (application !== undefined && 'fault' in application) return rejected(application.fault);
  const duplicatesOf = isRetry ? [] : await foreseen(backbone, person, { ...attributes, documents: [] });
  const outcome = await backbone.commands.execute(
    personDecider,
    streamId('person', person),
    () => ({
      type: 'RegisterPerson',
      person,
      attributes: { ...attributes },
      ...(named === undefined ? {} : { application: named as ApplicationId }),
      duplicatesOf,
    }),
    context,
  );
  return settled(backbone, person, outcome);
}

/** Records an identity document. Its type, issuing state and number are one person's, like the attributes above. */
export async function recordDocument(
  backbone: Backbone,
  request: CommandRequest,
  person: PersonId,
  body: RecordDocumentRequest,
): Outcome {
  const { oin } = backbone.participant;
  const document = derivedId('document', oin, request.client, person, request.idempotencyKey) as DocumentId;
  const known = await findPerson(backbone, person, '');
  if ('fault' in known) return rejected(rejectPerson('no-such-person'));
  const context = await commandContext(backbone, request, 'RecordDocument', body, {
    holder: { kind: 'document', id: document },
    stream: streamId('person', person),
  });
  const { documentType, number, issuingState, expiresOn, issuer } = body;
  const identity = { documents: [{ type: documentType, issuingState, number }] };
  const { documents } = known.found;
  // What is on record already, or will be refused, reserves nothing.
  const reserves = !documents.has(document) && documents.size < MAX_DOCUMENTS;
  const duplicatesOf = reserves ? await foreseen(backbone, person, identity) : [];
  const outcome = await backbone.commands.execute(
    personDecider,
    streamId('person', person),
    () => ({
      type: 'RecordDocument',
      document,
      documentType,
      number,
      issuingState,
      expiresOn,
      ...(issuer === undefined ? {} : { issuer }),
      duplicatesOf,
    }),
    context,
  );
  return settled(backbone, person, outcome);
}

/**
 * The fact is on record: what it reserved is confirmed. Where the key store can't be reached for that, the answer is
 * still what was recorded, and the process that follows the feed makes up for it.
 */
async function settled(backbone: Backbone, person: PersonId, outcome: CommandOutcome<Person, PersonEvent>): Outcome {
  if (outcome.outcome !== 'accepted') return outcome;
  try {
    await settlePerson(backbone, person);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    backbone.onTrouble(RECOGNITION, error, false);
  }
  return outcome;
}

/** A clerk says of two records whether they are one human; that they are two has to show in the records themselves. */
export async function linkPerson(
  backbone: Backbone,
  request: CommandRequest,
  person: PersonId,
  body: LinkPersonRequest,
): Outcome {
  const other = await findPerson(backbone, body.to, '/to');
  if ('fault' in other) return rejected(other.fault);
  const to = other.found.id;
  const context = await commandContext(backbone, request, 'LinkPerson', body);
  return backbone.commands.execute(
    personDecider,
    streamId('person', person),
    async (state, history): Promise<PersonCommand> => {
      if (body.same || state.status === 'none') return { type: 'LinkPerson', to };
      const by = body.distinguishedBy ?? [];
      const own = await openPerson(backbone.sealer, state, history);
      return { type: 'DistinguishPerson', from: to, by, shown: await differing(backbone, own.identity, to, by) };
    },
    context,
  );
}

/** An erased record tells nobody apart. */
async function differing(
  backbone: Backbone,
  own: Parameters<typeof differIn>[1],
  other: PersonId,
  by: readonly Distinction[],
): Promise<readonly Distinction[]> {
  const onRecord = await personOnRecord(backbone, other);
  return onRecord === undefined ? [] : by.filter((one) => differIn(one, own, onRecord.identity));
}

/** Corrects attributes on the ground of checks; who is recognized in them is looked for anew (PROOF-13, RIGHTS-06). */
export async function correctPerson(
  backbone: Backbone,
  request: CommandRequest,
  person: PersonId,
  body: CorrectPersonRequest,
): Promise<CorrectionOutcome<Person, PersonEvent>> {
  const known = await findPerson(backbone, person, '');
  if ('fault' in known) return { outcome: rejected(rejectPerson('no-such-person')), evidence: [] };
  const ground = await correctionGround(backbone, { person }, body);
  if ('faults' in ground) return { outcome: rejected(...ground.faults), evidence: [] };
  const context = await commandContext(backbone, request, 'CorrectPerson', body, {
    holder: { kind: 'person', id: person },
  });
  const { oin } = backbone.participant;
  const reach = derivedId('contact', oin, request.client, person, request.idempotencyKey) as ContactId;
  const outcome = await backbone.commands.execute(
    personDecider,
    streamId('person', person),
    (state, history) => correctionOf(backbone, state, history, { ...ground, reach }, { ...body.set }),
    context,
  );
  return correctionOutcome(await settled(backbone, person, outcome), ground);
}

async function correctionOf(
  backbone: Backbone,
  state: Person,
  history: readonly Recorded<DomainEvent>[],
  { application, checks, reach, ...ground }: CorrectionGround & { readonly reach: ContactId },
  wanted: PersonAttributes,
): Promise<PersonCommand> {
  const shown = PERSON_ATTRIBUTES.filter((name) => ground.shown.includes(name));
  const command = { type: 'CorrectPerson', application, checks, shown, reach, now: backbone.now() } as const;
  if (state.status === 'none') return { ...command, set: wanted, duplicatesOf: [] };
  const { attributes, identity } = await openPerson(backbone.sealer, state, history);
  const changed = PERSON_ATTRIBUTES.filter((name) => wanted[name] !== undefined && wanted[name] !== attributes[name]);
  const set: PersonAttributes = Object.fromEntries(changed.map((name) => [name, wanted[name]]));
  // What is refused reserves nothing.
  if (!changed.every((name) => shown.includes(name)) || changed.length === 0)
    return { ...command, set, duplicatesOf: [] };
  const asked = [...state.duplicates].flatMap(([other, { outcome }]) => (outcome === 'unresolved' ? [other] : []));
  return {
    ...command,
    set,
    duplicatesOf: await foreseen(backbone, state.id, { ...identity, ...set }, { asked }),
  };
}

export async function recordContact(
  backbone: Backbone,
  request: CommandRequest,
  person: PersonId,
  body: RecordContactRequest,
): Outcome {
  const { oin } = backbone.participant;
  const contact = derivedId('contact', oin, request.client, person, request.idempotencyKey) as ContactId;
  const known = await findPerson(backbone, person, '');
  if ('fault' in known) return rejected(rejectPerson('no-such-person'));
  const supplied = await supplierOf(backbone, { person }, body.suppliedBy);
  if ('fault' in supplied) return rejected(supplied.fault);
  const { kind, value } = body;
  return backbone.commands.execute(
    personDecider,
    streamId('person', person),
    () => ({ type: 'RecordPersonContact', contact, kind, value, suppliedBy: supplied.supplier }),
    await commandContext(backbone, request, 'RecordPersonContact', body, { holder: { kind: 'person', id: person } }),
  );
}
