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
import { searchHashes } from '../persons/recognition.js';
import { statusesOfDocuments, type CheckOnRecord } from './load-checks.js';
import { isLasting } from './question.js';

/** The identity documents of some persons on record, and how they stand on the day of a moment in Amsterdam. */
export interface Documents {
  /** Neither expired on that day nor erased (PROOF-03). */
  readonly isValid: (document: string | undefined) => boolean;
  /** Every record of the same document, of whatever person: type, issuing state and number make one (MEANS-ID2-ii.b). */
  readonly sameAs: (document: string) => Promise<readonly string[]>;
  /** The valid documents of one person on record. */
  readonly validOf: (person: string) => ReadonlySet<string>;
}

interface OnRecord {
  readonly document: string;
  readonly person: string;
  readonly identity: DocumentIdentity | undefined;
  /** Last day of validity, in days; `undefined`: erased, it proves nothing any more. */
  readonly lastDay: number | undefined;
}

/** The named reader of numbers and expiry dates of identity documents. */
export async function documentsOf(backbone: Backbone, persons: readonly string[], at: Instant): Promise<Documents> {
  const onRecord = (await Promise.all(persons.map((person) => documentsOfPerson(backbone, person)))).flat();
  const today = amsterdamDay(epochOf(at));
  const byId = new Map(onRecord.map((entry) => [entry.document, entry]));
  const isValid = (document: string | undefined): boolean => {
    const lastDay = document === undefined ? undefined : byId.get(document)?.lastDay;
    return lastDay !== undefined && lastDay >= today;
  };
  return {
    isValid,
    async sameAs(document) {
      const identity = byId.get(document)?.identity;
      if (identity === undefined) return [document];
      const elsewhere = (await holdersOf(backbone, identity)).filter((person) => !persons.includes(person));
      const others = (await Promise.all(elsewhere.map((person) => documentsOfPerson(backbone, person)))).flat();
      return [...onRecord, ...others].filter((one) => isSame(identity, one.identity)).map((one) => one.document);
    },
    validOf: (person) =>
      new Set(onRecord.filter((entry) => entry.person === person && isValid(entry.document)).map((e) => e.document)),
  };
}

const isSame = (one: DocumentIdentity, other: DocumentIdentity | undefined): boolean =>
  other !== undefined && recognizes({ documents: [one] }, { documents: [other] });

/** Everybody who has this document on record. */
async function holdersOf(backbone: Backbone, document: DocumentIdentity): Promise<readonly PersonId[]> {
  const hashes = await searchHashes(backbone, byDocument(document));
  const holders = await backbone.secrets.reservations.holders(hashes, MOST);
  return holders.map(({ person }) => person);
}

/** More records of one document than this are not looked at; the latest are. */
const MOST = 100;

async function documentsOfPerson(backbone: Backbone, person: string): Promise<readonly OnRecord[]> {
  const { history } = await backbone.commands.load(personDecider, streamId('person', person));
  return Promise.all(
    history
      .filter(({ type }) => type === ('DocumentRecorded' satisfies DocumentRecorded['type']))
      .map((event) => readDocument(backbone, event)),
  );
}

async function readDocument(backbone: Backbone, event: Recorded<DomainEvent>): Promise<OnRecord> {
  const data = event.data as DocumentRecorded['data'];
  const { document, person, documentType } = data;
  try {
    const number = await openMember(backbone.sealer, event, 'number', data.number);
    const lastDay = readDate(await openMember(backbone.sealer, event, 'expiresOn', data.expiresOn));
    const issuingState =
      data.issuingState === undefined
        ? undefined
        : await openMember(backbone.sealer, event, 'issuingState', data.issuingState);
    const identity = { type: documentType, number, ...(issuingState === undefined ? {} : { issuingState }) };
    return { document, person, identity, lastDay };
  } catch (error) {
    if (!(error instanceof KeyDestroyed)) throw error;
    return { document, person, identity: undefined, lastDay: undefined };
  }
}

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
): Promise<Reports> {
  const presented = new Map<string, { readonly document: string; readonly person: string }>();
  for (const { facts } of here) {
    if (!PRESENTING.has(facts.type) || !('document' in facts) || facts.document === undefined) continue;
    const person = facts.type === 'proxyCheck' ? facts.grantor : facts.about.person;
    presented.set(facts.document, { document: facts.document, person });
  }
  const same = new Map<string, readonly string[]>();
  for (const document of presented.keys()) same.set(document, [document, ...(await documents.sameAs(document))]);
  const sameAs = (document: string): readonly string[] => same.get(document)!;
  const ids = new Set(here.map(({ id }) => id));
  const looks = await statusesOfDocuments(backbone, [...new Set([...presented.keys()].flatMap(sameAs))]);
  const reports = looks.flatMap((look) => {
    if (!isLasting(look.facts)) return [];
    const found = (look.facts as { readonly document: string }).document;
    return [...presented.values()]
      .filter(({ document }) => sameAs(document).includes(found))
      .map(({ document, person }) => ({
        isHere: ids.has(look.id) && found === document,
        look: { ...look, facts: { ...look.facts, document, about: { person } } as CheckFacts },
      }));
  });
  return {
    documents: new Set(reports.map(({ look }) => (look.facts as { readonly document: string }).document)),
    elsewhere: reports.flatMap(({ isHere, look }) => (isHere ? [] : [look])),
  };
}
