import { setTimeout as delay } from 'node:timers/promises';
import { later, streamId, type EventId, type PersonId } from '#libs/kernel';
import { derivedId, StoreUnavailable, type ProcessManager } from '#libs/eventing';
import {
  identifiersOf,
  personDecider,
  recognizes,
  type Identifier,
  type PersonCommand,
  type PersonIdentity,
} from '#libs/domain';
import type { Backbone } from '../backbone.js';
import type { Holding, IdentifierHashes } from '../ports.js';
import { personOnRecord, type PersonOnRecord } from './person-on-record.js';

/*
 * How the append of what identifies a person and the rows that recognize him meet, without a transaction over both
 * (interfaces.md §3):
 *
 *   1. `foreseen`: the rows are put there, unconfirmed, and whoever stands there already is named in the event.
 *   2. The event is appended.
 *   3. `settlePerson`: the rows are confirmed, which gives them a place in one order; whoever was confirmed before and was
 *      not named yet is added by `DuplicatesRecognized`.
 *
 * Of two persons who are recognized in each other one is confirmed later, and he asks: nobody is let in twice, however
 * the steps of both lie. A crash leaves step 3 to whoever comes next: the retry of the request, the next person whom the
 * row is in the way of, and in any case the process below, which follows the feed. A row whose person never came to be is
 * void after ten minutes and names nobody meanwhile.
 */

/** Name of the process, and of its steps in the log. Another way of folding is another process: all hashes anew. */
export const RECOGNITION = 'person-recognition-1';

/** How long a reservation waits for its person to come to be (interfaces.md §3). */
export const RESERVATION_MILLISECONDS = 10 * 60_000;

/** How long somebody who reserved first is waited for, and between two looks. He is usually there in a few milliseconds. */
const PATIENCE = 1_000;
const LOOK = 10;

const PURPOSE = 'person-identifier';

const hashed = async (backbone: Backbone, texts: readonly string[]): Promise<readonly string[]> =>
  (await Promise.all(texts.map((text) => backbone.secrets.lookupHashes(PURPOSE, text)))).flat();

const hashesOf = (backbone: Backbone, identifiers: readonly Identifier[]): Promise<readonly IdentifierHashes[]> =>
  Promise.all(
    identifiers.map(async ({ own, sought }) => ({
      own: await hashed(backbone, own),
      sought: await hashed(backbone, sought),
    })),
  );

/** Keyed hashes under which a person with this identifier is found. */
export const searchHashes = (backbone: Backbone, { sought }: Identifier): Promise<readonly string[]> =>
  hashed(backbone, sought);

/**
 * Step 1: reserves what `identity` will be recognized by, and answers who is recognized in it: of those who came before,
 * and of those who are `asked` about already. Nobody is named who is not on record.
 */
export async function foreseen(
  backbone: Backbone,
  person: PersonId,
  identity: PersonIdentity,
  { asked = [], patience = PATIENCE }: { readonly asked?: readonly PersonId[]; readonly patience?: number } = {},
): Promise<readonly PersonId[]> {
  const identifiers = await hashesOf(backbone, identifiersOf(identity));
  if (identifiers.length === 0) return [];
  const { reservations } = backbone.secrets;
  const deadline = performance.now() + patience;
  const looked = new Set<PersonId>();
  for (;;) {
    const holdings = await reservations.reserve(person, identifiers, backbone.now());
    const waitedFor = holdings.filter(({ confirmed }) => !confirmed);
    const strangers = waitedFor.filter((holding) => !looked.has(holding.person));
    for (const holding of strangers) {
      looked.add(holding.person);
      await lookAfter(backbone, holding);
    }
    if (strangers.length > 0) continue;
    if (waitedFor.length === 0 || performance.now() >= deadline) {
      const confirmed = holdings.filter((holding) => holding.confirmed).map((holding) => holding.person);
      return recognized(backbone, identity, identifiers, [...new Set([...asked, ...confirmed])]);
    }
    await delay(LOOK);
  }
}

/** A reservation that stands in the way unconfirmed: void when it is old, and settled when its person is on record. */
async function lookAfter(backbone: Backbone, { person, reservedAt }: Holding): Promise<void> {
  const voidUntil = later(backbone.now(), -RESERVATION_MILLISECONDS);
  // Settling makes again what the person does have.
  if (reservedAt <= voidUntil) await backbone.secrets.reservations.lapse(person, voidUntil);
  await settlePerson(backbone, person);
}

/** Those who are recognized in the identity by what is on record of them now; the rows of the others are mistaken. */
async function recognized(
  backbone: Backbone,
  identity: PersonIdentity,
  identifiers: readonly IdentifierHashes[],
  others: readonly PersonId[],
): Promise<readonly PersonId[]> {
  const found: PersonId[] = [];
  for (const other of others) {
    const onRecord = await personOnRecord(backbone, other);
    if (onRecord !== undefined && recognizes(identity, onRecord.identity)) found.push(other);
    else
      await backbone.secrets.reservations.release(
        other,
        identifiers.flatMap(({ sought }) => sought),
      );
  }
  return found;
}

/**
 * Step 3: confirms what the person on record is recognized by, and records who was confirmed before him and is not known
 * to him yet. May be done any number of times, by anybody.
 */
export async function settlePerson(backbone: Backbone, person: PersonId): Promise<void> {
  const onRecord = await personOnRecord(backbone, person);
  if (onRecord === undefined) return;
  const { identity, former } = onRecord;
  const identifiers = await hashesOf(backbone, identifiersOf(identity));
  const { reservations } = backbone.secrets;
  if (identifiers.length > 0) {
    const earlier = await reservations.confirm(person, identifiers, backbone.now());
    const unknown = earlier.filter((other) => !onRecord.person.duplicates.has(other));
    const found = await recognized(backbone, identity, identifiers, unknown);
    if (found.length > 0) await step(backbone, onRecord, { type: 'RecognizeDuplicates', of: found });
  }
  if (former.length > 0) await forget(backbone, onRecord, former);
}

/** What the person is no longer recognized by: others who asked because of it need not any more, and the rows go. */
async function forget(backbone: Backbone, corrected: PersonOnRecord, former: readonly Identifier[]): Promise<void> {
  const { reservations } = backbone.secrets;
  const person = corrected.person.id;
  const current = new Set(
    await hashed(
      backbone,
      identifiersOf(corrected.identity).flatMap(({ own }) => own),
    ),
  );
  for (const { own, sought } of await hashesOf(backbone, former)) {
    for (const other of await everybodyUnder(backbone, sought)) {
      if (other === person) continue;
      const onRecord = await personOnRecord(backbone, other);
      if (onRecord === undefined || recognizes(onRecord.identity, corrected.identity)) continue;
      if (onRecord.person.duplicates.get(person)?.outcome === 'unresolved') {
        await step(backbone, onRecord, { type: 'DispelDuplicates', of: [person] });
      }
    }
    await reservations.release(
      person,
      own.filter((hash) => !current.has(hash)),
    );
  }
}

/**
 * Takes away what a person is found by because of this document alone, before its key goes: of a keyed hash nobody can tell
 * later what it was of. Nothing where the document, or all of him, opens no more.
 */
export async function forgetDocument(backbone: Backbone, person: PersonId, document: string): Promise<void> {
  const onRecord = await personOnRecord(backbone, person);
  if (onRecord?.documents.has(document) !== true) return;
  const others = [...onRecord.documents].filter(([id]) => id !== document).map(([, one]) => one);
  const own = (identity: PersonIdentity): Promise<readonly string[]> =>
    hashed(
      backbone,
      identifiersOf(identity).flatMap((identifier) => identifier.own),
    );
  const kept = new Set(await own({ ...onRecord.identity, documents: others }));
  const gone = (await own(onRecord.identity)).filter((hash) => !kept.has(hash));
  await backbone.secrets.reservations.release(person, gone);
}

const PAGE = 100;

/** Everybody who is confirmed under one of the hashes, however many. */
export async function everybodyUnder(backbone: Backbone, hashes: readonly string[]): Promise<readonly PersonId[]> {
  const all: { readonly person: PersonId; readonly place: bigint }[] = [];
  for (;;) {
    const page = await backbone.secrets.reservations.holders(hashes, PAGE, all.at(-1));
    all.push(...page);
    if (page.length < PAGE) return all.map(({ person }) => person);
  }
}

/** Records a fact that follows from the rows, as a step of the process whoever takes it. */
async function step(
  backbone: Backbone,
  { person, revision }: PersonOnRecord,
  command: Extract<PersonCommand, { readonly of: readonly PersonId[] }>,
): Promise<void> {
  const cause = derivedId(RECOGNITION, command.type, person.id, String(revision), ...command.of) as EventId;
  const outcome = await backbone.commands.execute(personDecider, streamId('person', person.id), () => command, {
    participant: backbone.participant.oin,
    client: RECOGNITION,
    key: cause,
    requestHash: cause,
    actor: { system: RECOGNITION },
    correlationId: cause,
  });
  if (outcome.outcome !== 'accepted') {
    throw new StoreUnavailable(`what person ${person.id} is recognized by could not be recorded: ${outcome.outcome}`);
  }
}

/**
 * Settles every person, in the order in which they were recorded: what a crash left undone, and all who were recorded
 * before this way of recognizing. Its checkpoint lies with the rows.
 */
export const recognition = (backbone: Backbone): ProcessManager => ({
  name: RECOGNITION,
  mayLag: true,
  handles: ['PersonRegistered', 'DocumentRecorded', 'PersonCorrected'],
  react: (event) => settlePerson(backbone, (event.data as { readonly person: PersonId }).person),
});
