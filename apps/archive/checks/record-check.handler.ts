import { streamId, type CheckId, type DocumentId, type Rejection } from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
import {
  allFound,
  commandContext,
  findApplication,
  findMeans,
  findParty,
  findPerson,
  type Backbone,
  type CommandRequest,
  type Found,
} from '#libs/application';
import {
  checkDecider,
  checkRejections,
  rejecting,
  type Check,
  type CheckEvent,
  type CheckFacts,
  type RegisteredPerson,
  type StoredCheck,
} from '#libs/domain';

const rejectCheck = rejecting(checkRejections);

/** Records a check after making sure that everything it speaks of is on record. */
export async function recordCheck(
  backbone: Backbone,
  request: CommandRequest,
  check: StoredCheck,
): Promise<CommandOutcome<Check, CheckEvent>> {
  const id = derivedId('check', backbone.participant.oin, request.client, request.idempotencyKey) as CheckId;
  const { lateEntryReason, equivalenceReason, ...facts } = check as StoredCheck & {
    readonly equivalenceReason?: string;
  };
  const hasWords = lateEntryReason !== undefined || equivalenceReason !== undefined;
  const context = await commandContext(
    backbone,
    request,
    'RecordCheck',
    check,
    hasWords ? { holder: { kind: 'application', id: facts.application } } : {},
  );

  const application = await findApplication(backbone, facts.application, '/application');
  const faults = [
    ...('fault' in application ? [application.fault] : []),
    ...(await unknownReferences(backbone, facts as CheckFacts)),
  ];
  if (faults.length > 0 || 'fault' in application) return { outcome: 'rejected', rejections: faults };

  const performedBy =
    facts.performedBy.clerk === undefined
      ? facts.performedBy
      : { clerk: await backbone.secrets.clerkReference(facts.performedBy.clerk) };
  return backbone.commands.execute(
    checkDecider,
    streamId('check', id),
    () => ({
      type: 'RecordCheck',
      check: id,
      facts: { ...facts, performedBy } as CheckFacts,
      ...(lateEntryReason === undefined ? {} : { lateEntryReason }),
      ...(equivalenceReason === undefined ? {} : { equivalenceReason }),
      application: application.found,
      now: backbone.now(),
    }),
    context,
  );
}

/** People, parties, means and documents that the check names and that are not on record: all of them at once. */
async function unknownReferences(backbone: Backbone, facts: CheckFacts): Promise<readonly Rejection[]> {
  const about: { readonly [kind: string]: string | undefined } = facts.about;
  const members = facts as { readonly [member: string]: unknown };
  const named = (member: string): string | undefined => {
    const value = members[member];
    return typeof value === 'string' ? value : undefined;
  };
  const person =
    about['person'] === undefined ? undefined : await findPerson(backbone, about['person'], '/about/person');
  const references: Record<string, Promise<Found<unknown>> | undefined> = {
    party: about['party'] === undefined ? undefined : findParty(backbone, about['party'], '/about/party'),
    means: about['means'] === undefined ? undefined : findMeans(backbone, about['means'], '/about/means'),
    ofMeans:
      facts.type !== 'authentication' || facts.means === undefined
        ? undefined
        : findMeans(backbone, facts.means, '/means'),
    // `party` is a reference here, and a kind of third party in `neutralThirdParty`.
    forParty:
      facts.type === 'representationCheck' || facts.type === 'mandateDecisionCheck'
        ? findParty(backbone, facts.party, '/party')
        : undefined,
    application:
      about['application'] === undefined
        ? undefined
        : findApplication(backbone, about['application'], '/about/application'),
  };
  for (const member of ['grantor', 'declaredBy', 'confirmer', 'voucher', 'signer']) {
    const id = named(member);
    if (id !== undefined) references[member] = findPerson(backbone, id, `/${member}`);
  }
  const loaded: Record<string, Found<unknown> | undefined> = { person };
  for (const [name, reference] of Object.entries(references)) loaded[name] = await reference;
  const result = allFound(loaded);
  const faults = 'faults' in result ? [...result.faults] : [];

  const document = named('document');
  if (document !== undefined && person !== undefined && 'found' in person && !hasDocument(person.found, document)) {
    faults.push(rejectCheck('unknown-document', { pointer: '/document' }));
  }
  return faults;
}

const hasDocument = (person: RegisteredPerson, document: string): boolean =>
  person.documents.has(document as DocumentId);
