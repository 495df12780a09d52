import { epochOf, streamId, type Instant, type Recorded, type DomainEvent, type PersonId } from '#libs/kernel';
import { KeyDestroyed, openMember } from '#libs/eventing';
import {
  byDocument,
  personDecider,
  recognizes,
  type CheckFacts,
  type DocumentIdentity,
  type DocumentRecorded,
} from '#libs/domain';
import { amsterdamDay, readDate } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { fewAtOnce } from '../few-at-once.js';
import { findPerson } from '../objects.js';
import { everybodyUnder, searchHashes } from '../persons/recognition.js';
import { recordsOf, type Humans } from './humans.js';
import { reportsOf, type CheckOnRecord } from './load-checks.js';
import type { Why } from './why.js';

/** The identity documents of some humans on record, and how they stand on the day of a moment in Amsterdam. */
export interface Documents {
  /** One name for all records of a document under one human: type, issuing state and number make one (MEANS-ID2-ii.b). */
  readonly of: (document: string) => string;
  /** Why it proves nothing on that day; `undefined`: it may. */
  readonly faultOf: (document: string | undefined) => DocumentFault | undefined;
  /** Neither expired on that day nor erased (PROOF-03), and nobody else's. */
  readonly isValid: (document: string | undefined) => boolean;
  /** Its last day, the first of those that it was recorded with; `undefined`: erased, or not on record. */
  readonly expiresOn: (document: string) => string | undefined;
  /** Every record of the same document, of whatever person. */
  readonly sameAs: (document: string) => readonly string[];
  /** The valid documents of one person on record, each by one of its records. */
  readonly validOf: (person: string) => ReadonlySet<string>;
}

export type DocumentFault = Extract<Why, 'expired-document' | 'document-of-another-person'>;

interface OnRecord {
  readonly document: string;
  readonly person: string;
  readonly identity: DocumentIdentity | undefined;
  /** Last day of validity, in days; `undefined`: erased, it proves nothing any more. */
  readonly lastDay: number | undefined;
  /** The same as a date. */
  readonly expiresOn: string | undefined;
}

/** A document with all its records under one human. */
interface OneDocument {
  readonly records: readonly OnRecord[];
  /** Its records under other humans. */
  readonly others: readonly OnRecord[];
  readonly isAnothers: boolean;
}

/** The named reader of numbers and expiry dates of identity documents. */
export async function documentsOf(
  backbone: Backbone,
  humans: Humans,
  persons: readonly string[],
  at: Instant,
): Promise<Documents> {
  const onRecord = await documentsOfPersons(backbone, persons);
  const today = amsterdamDay(epochOf(at));
  const groups = await fewAtOnce(sameDocuments(onRecord, humans), (records) =>
    oneDocument(backbone, { humans, persons, onRecord, records }),
  );
  const byId = new Map(groups.flatMap((group) => group.records.map(({ document }) => [document, group] as const)));
  const of = (document: string): string => least(byId.get(document)?.records ?? []) ?? document;
  const faultOf = (document: string | undefined): DocumentFault | undefined => {
    const known = document === undefined ? undefined : byId.get(document);
    // Whatever it was recorded with, it ends on the first of these days.
    const isCurrent = known?.records.every(({ lastDay }) => lastDay !== undefined && lastDay >= today) === true;
    if (!isCurrent) return 'expired-document';
    return known.isAnothers ? 'document-of-another-person' : undefined;
  };
  const isValid = (document: string | undefined): boolean => faultOf(document) === undefined;
  return {
    of,
    faultOf,
    isValid,
    expiresOn(document) {
      const days = byId.get(document)?.records.map(({ expiresOn }) => expiresOn) ?? [];
      return days.includes(undefined) ? undefined : [...days].sort()[0];
    },
    sameAs: (document) => {
      const { records, others } = byId.get(document) ?? { records: [], others: [] };
      return [...new Set([document, ...[...records, ...others].map((one) => one.document)])];
    },
    validOf(person) {
      const own = onRecord.filter((entry) => entry.person === person && isValid(entry.document));
      return new Set(new Map(own.map(({ document }) => [of(document), document])).values());
    },
  };
}

/** The least id names them all. */
const least = (records: readonly OnRecord[]): string | undefined => records.map(({ document }) => document).sort()[0];

/** The records of each document, human by human. */
function sameDocuments(onRecord: readonly OnRecord[], humans: Humans): readonly (readonly OnRecord[])[] {
  const groups: OnRecord[][] = [];
  for (const entry of onRecord) {
    const known = groups.find((group) =>
      group.some((one) => humans.of(one.person) === humans.of(entry.person) && isSame(entry.identity, one.identity)),
    );
    if (known === undefined) groups.push([entry]);
    else known.push(entry);
  }
  return groups;
}

interface Sought {
  readonly humans: Humans;
  /** Everybody whose documents are `onRecord`. */
  readonly persons: readonly string[];
  readonly onRecord: readonly OnRecord[];
  readonly records: readonly OnRecord[];
}

async function oneDocument(backbone: Backbone, { humans, persons, onRecord, records }: Sought): Promise<OneDocument> {
  const holders = await fewAtOnce(records, ({ identity }) => holdersOf(backbone, identity));
  const elsewhere = [...new Set(holders.flat())].filter((person) => !persons.includes(person));
  const theirs = await documentsOfPersons(backbone, elsewhere);
  const others = [...onRecord, ...theirs].filter(
    (other) => !records.includes(other) && records.some(({ identity }) => isSame(identity, other.identity)),
  );
  const [{ person }] = records as readonly [OnRecord];
  const strangers = [...new Set(others.map((other) => other.person))].filter(
    (other) => humans.of(other) !== humans.of(person),
  );
  const apart = await fewAtOnce(strangers, (other) => areToldApart(backbone, humans.recordsOf(person), other));
  return { records, others, isAnothers: apart.includes(true) };
}

/** Whether a clerk has said of a human that he is not the one behind another record, on whichever record of both. */
async function areToldApart(backbone: Backbone, own: readonly string[], other: string): Promise<boolean> {
  const theirs = await recordsOf(backbone, other);
  const says = async (records: readonly string[], of: readonly string[]): Promise<boolean> => {
    const found = await fewAtOnce(records, (record) => findPerson(backbone, record, ''));
    return found.some(
      (one) => 'found' in one && of.some((id) => one.found.duplicates.get(id as PersonId)?.outcome === 'none'),
    );
  };
  return (await says(own, theirs)) || (await says(theirs, own));
}

const isSame = (one: DocumentIdentity | undefined, other: DocumentIdentity | undefined): boolean =>
  one !== undefined && other !== undefined && recognizes({ documents: [one] }, { documents: [other] });

/** Everybody who has this document on record; of an erased one nobody is found. */
async function holdersOf(backbone: Backbone, document: DocumentIdentity | undefined): Promise<readonly PersonId[]> {
  if (document === undefined) return [];
  return everybodyUnder(backbone, await searchHashes(backbone, byDocument(document)));
}

async function documentsOfPersons(backbone: Backbone, persons: readonly string[]): Promise<readonly OnRecord[]> {
  const loaded = await backbone.commands.loadAll(
    personDecider,
    persons.map((person) => streamId('person', person)),
  );
  const recorded = loaded.flatMap(({ history }) =>
    history.filter(({ type }) => type === ('DocumentRecorded' satisfies DocumentRecorded['type'])),
  );
  return fewAtOnce(recorded, (event) => readDocument(backbone, event));
}

async function readDocument(backbone: Backbone, event: Recorded<DomainEvent>): Promise<OnRecord> {
  const data = event.data as DocumentRecorded['data'];
  const { document, person, documentType } = data;
  try {
    const number = await openMember(backbone.sealer, event, 'number', data.number);
    const expiresOn = await openMember(backbone.sealer, event, 'expiresOn', data.expiresOn);
    const lastDay = readDate(expiresOn);
    const issuingState =
      data.issuingState === undefined
        ? undefined
        : await openMember(backbone.sealer, event, 'issuingState', data.issuingState);
    const identity = { type: documentType, number, ...(issuingState === undefined ? {} : { issuingState }) };
    return { document, person, identity, lastDay, expiresOn };
  } catch (error) {
    if (!(error instanceof KeyDestroyed)) throw error;
    return { document, person, identity: undefined, lastDay: undefined, expiresOn: undefined };
  }
}

/** The same check, of a document instead of one of its records. */
export const aboutDocuments = (check: CheckOnRecord, { of }: Pick<Documents, 'of'>): CheckOnRecord =>
  'document' in check.facts && check.facts.document !== undefined
    ? { ...check, facts: { ...check.facts, document: of(check.facts.document) } as CheckFacts }
    : check;

/** Checks that present a document, or compare with it (AMB-77). */
export const PRESENTING: ReadonlySet<CheckFacts['type']> = new Set([
  'idCopyEnclosed',
  'physicalAppearance',
  'signatureComparison',
  'officialNumberVerification',
  'proxyCheck',
]);

export interface Reports {
  /** Documents presented here that are reported. */
  readonly documents: ReadonlySet<string>;
  /** The looks in other applications that found so, as looks at the document that is presented here. */
  readonly elsewhere: readonly CheckOnRecord[];
}

/** A reported document counts wherever it is presented, whatever application or record it was found under (PROOF-01). */
export async function reportedDocuments(
  backbone: Backbone,
  here: readonly CheckOnRecord[],
  documents: Documents,
  onRecord: readonly { readonly document: string; readonly person: string }[] = [],
): Promise<Reports> {
  // A copy on record presents its document as one that is enclosed does.
  const presented = new Map(onRecord.map((one) => [one.document, one] as const));
  for (const { facts } of here) {
    if (!PRESENTING.has(facts.type) || !('document' in facts) || facts.document === undefined) continue;
    const person = facts.type === 'proxyCheck' ? facts.grantor : facts.about.person;
    presented.set(facts.document, { document: facts.document, person });
  }
  const { of, sameAs } = documents;
  const ids = new Set(here.map(({ id }) => id));
  const reports = (
    await fewAtOnce([...presented.values()], async ({ document, person }) => {
      const looks = await reportsOf(backbone, sameAs(document));
      return looks.map((look) => ({
        isHere: ids.has(look.id) && of((look.facts as { readonly document: string }).document) === document,
        look: { ...look, facts: { ...look.facts, document, about: { person } } as CheckFacts },
      }));
    })
  ).flat();
  return {
    documents: new Set(reports.map(({ look }) => (look.facts as { readonly document: string }).document)),
    elsewhere: reports.flatMap(({ isHere, look }) => (isHere ? [] : [look])),
  };
}
