import { streamId, type ContactId, type PersonId } from '#libs/kernel';
import {
  allRows,
  authorizationsProjection,
  contactsInChecks,
  heldNow,
  legalHoldsProjection,
  meansProjection,
  recordsOf,
  retentionOf,
  retentionProjection,
  type AuthorizationRow,
  type Backbone,
  type KeptName,
  type MeansRow,
  type RetentionAnswer,
} from '#libs/application';
import { partyDecider, personDecider, type AnsweredData, type ReceivedRightsRequest } from '#libs/domain';

/** Read models that an answer rests on. */
const RESTS_ON = [retentionProjection, legalHoldsProjection, meansProjection, authorizationsProjection];

type Asked = Pick<ReceivedRightsRequest, 'about' | 'records'>;

/** Every record of the human whom it is about, as it is now: records are linked after it was received, too. None of an organization. */
export const recordsNow = async (backbone: Backbone, { about }: Pick<Asked, 'about'>): Promise<readonly PersonId[]> =>
  'person' in about ? ([...(await recordsOf(backbone, about.person))].sort() as PersonId[]) : [];

/**
 * What becomes of the data if the request is granted now, kind by kind: what is erased, and what is kept until when on which ground
 * (RIGHTS-06, ARCH-10, AMB-46). Of one kind is told what keeps the longest of it.
 */
export async function whatBecomes(backbone: Backbone, { about, records }: Asked): Promise<readonly AnsweredData[]> {
  await Promise.all(RESTS_ON.map((each) => backbone.readModels.upToDate(each as never)));
  return 'person' in about ? ofPerson(backbone, records) : ofParty(backbone, about.party);
}

async function ofPerson(backbone: Backbone, records: readonly string[]): Promise<readonly AnsweredData[]> {
  const { commands, readModels, now } = backbone;
  const loaded = await commands.loadAll(
    personDecider,
    records.map((id) => streamId('person', id)),
  );
  const persons = loaded.flatMap(({ state }) => (state.status === 'none' ? [] : [state]));
  const documents = persons.flatMap((person) => [...person.documents.keys()]);
  // Everything of him rests on him: what keeps him longest keeps all of it.
  const kept = await keeping(
    backbone,
    persons.map(({ id }) => `person/${id}` as const),
  );
  const means = await allRows<MeansRow>(readModels.store, meansProjection, [
    { column: 'holder', is: 'one-of', values: records },
    { column: 'status', is: 'one-of', values: ['applied', 'identified', 'issued', 'active', 'suspended'] },
  ]);
  const authorizations = await allRows<AuthorizationRow>(readModels.store, authorizationsProjection, [
    { column: 'authorizedPerson', is: 'one-of', values: records },
    { column: 'revoked', is: 'equal', value: false },
    { column: 'validUntil', is: 'from', value: now() },
  ]);
  const lastValid = authorizations.map(({ validUntil }) => validUntil).sort();
  return present([
    ...(await ofContacts(
      backbone,
      persons.flatMap(({ reachedBy }) => [...reachedBy]),
      kept,
    )),
    { kind: 'identity', count: persons.length, ...kept },
    {
      ...{ kind: 'documents', count: documents.length },
      // Each has an end of its own, which may come before his.
      ...(await keeping(
        backbone,
        documents.map((id) => `document/${id}` as const),
      )),
    },
    { kind: 'means', effect: 'kept', count: means.length, ground: 'inForce' },
    {
      ...{ kind: 'authorizations', effect: 'kept', count: authorizations.length, ground: 'inForce' },
      ...(lastValid.length === 0 ? {} : { until: lastValid.at(-1)! }),
    },
  ]);
}

async function ofParty(backbone: Backbone, party: string): Promise<readonly AnsweredData[]> {
  const { state } = await backbone.commands.load(partyDecider, streamId('party', party));
  if (state.status === 'none') return [];
  const kept = await keeping(backbone, [`party/${party}`]);
  return present([
    ...(await ofContacts(backbone, [...state.contacts.keys()], kept)),
    { kind: 'details', count: 1, ...kept },
  ]);
}

type Becoming = Pick<AnsweredData, 'effect' | 'ground' | 'until'>;

/** While somebody is held, nothing of him goes; what a check was made by is proof, and stays as long as he does (ARCH-15). */
async function ofContacts(
  backbone: Backbone,
  contacts: readonly ContactId[],
  kept: Becoming,
): Promise<readonly AnsweredData[]> {
  if (kept.ground === 'legalHold') return [{ kind: 'contacts', count: contacts.length, ...kept }];
  const used = await contactsInChecks(backbone, contacts);
  return [
    { kind: 'contacts', count: contacts.length - used.length, effect: 'erased' },
    { kind: 'contacts', count: used.length, ...kept },
  ];
}

/** Of what there is nothing, nothing is said. */
const present = (data: readonly AnsweredData[]): readonly AnsweredData[] => data.filter(({ count }) => count > 0);

/** What keeps the longest of these. */
async function keeping(backbone: Backbone, names: readonly KeptName[]): Promise<Becoming> {
  const { readModels, retention, now } = backbone;
  const question = { at: now(), years: retention.years, held: await heldNow(backbone) };
  const kept: Extract<RetentionAnswer, { is: 'kept' }>[] = [];
  for (const name of names) {
    const answer = await retentionOf(readModels.store, name, question, { whole: true });
    if (answer.is === 'kept') kept.push(answer);
  }
  if (kept.length === 0)
    return retention.destroys ? { effect: 'planned' } : { effect: 'kept', ground: 'destructionOff' };
  // That it is held is told, and not why.
  if (kept.some(({ isHeld }) => isHeld)) return { effect: 'kept', ground: 'legalHold' };
  if (kept.some(({ until }) => until === undefined)) return { effect: 'kept', ground: 'inForce' };
  return {
    effect: 'kept',
    ground: 'retention',
    until: kept
      .map(({ until }) => until!)
      .sort()
      .at(-1)!,
  };
}
