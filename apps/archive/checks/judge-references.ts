import { isUuid, streamId, type DocumentId, type Instant, type Rejection } from '#libs/kernel';
import {
  findApplication,
  findCheck,
  findEvidence,
  findMeans,
  findParty,
  findPerson,
  hasContact,
  hasEquivalence,
  humansOf,
  type Backbone,
  type Found,
} from '#libs/application';
import {
  faultOfNaming,
  meansDecider,
  rejectCheck,
  unknownEvidence,
  type CheckFacts,
  type CheckType,
  type EvidenceKind,
  type MeansApplied,
  type ReceivedApplication,
  type RegisteredPerson,
} from '#libs/domain';

/** What a check names, as it is on record. */
export interface References {
  readonly faults: readonly Rejection[];
  readonly application?: ReceivedApplication;
  /** When the means that it is about was applied for, by the register's clock. */
  readonly meansAppliedAt?: Instant;
}

/** Members that name a person, besides `about`. */
const PERSONS = ['grantor', 'declaredBy', 'confirmer', 'voucher', 'signer', 'handedBy', 'subject'] as const;
type PersonMember = (typeof PERSONS)[number];

/**
 * Looks up everything that a check names: people, parties, documents, means, other checks, contacts, and entries of
 * configured lists. What is not on record, or belongs to somebody else, could never count for anything. `isSound` says
 * whether a member has the form it must have: of one that has not, there is nothing to look up.
 */
export async function judgeReferences(
  backbone: Backbone,
  check: object,
  isSound: (pointer: string) => boolean,
): Promise<References> {
  const named = reader(backbone, check, isSound);
  const { find, id, reject, text } = named;
  const type = text('/type') as CheckType | undefined;

  const application = await find(findApplication, '/application');
  const person = await find(findPerson, '/about/person');
  const party = await find(findParty, '/about/party');
  const means = await find(findMeans, '/about/means');
  const persons: Partial<Record<PersonMember, RegisteredPerson>> = {};
  for (const member of PERSONS) {
    const one = await find(findPerson, `/${member}`);
    if (one !== undefined) persons[member] = one;
  }
  // `party` is a reference here, and a kind of third party in `neutralThirdParty`.
  if (type === 'representationCheck' || type === 'mandateDecisionCheck') await find(findParty, '/party');
  await find(findParty, '/employer');

  const other = id('/about/application');
  if (other !== undefined && id('/application') !== undefined && other !== id('/application')) {
    reject('of-another-application', '/about/application');
  }
  const document = id('/document');
  const presenter = type === 'proxyCheck' ? persons.grantor : person;
  if (document !== undefined && presenter !== undefined && !presenter.documents.has(document as DocumentId)) {
    reject('unknown-document', '/document');
  }
  const contact = id('/contact');
  const isConfirmerKnown = persons.confirmer !== undefined || id('/confirmer') === undefined;
  if (contact !== undefined && party !== undefined && isConfirmerKnown) {
    const owners = persons.confirmer === undefined ? [party] : [party, persons.confirmer];
    if (!hasContact(owners, contact)) reject('unknown-contact', '/contact');
  }

  await judgeEvidence(named, type);
  await judgeOthers(backbone, named, person, persons.grantor);
  await judgeHolders(named, {
    isOneHuman: (one, another) => isOneHuman(backbone, one, another),
    user: type === 'privateDeed' ? persons.signer : person,
    holder: means?.holder,
    signer: persons.signer,
  });
  judgeNames(backbone, named, type, means?.product);

  const isHandedOut = means !== undefined && text('/handedOutAt') !== undefined;
  const meansAppliedAt = isHandedOut ? await appliedAt(backbone, means.id) : undefined;
  return {
    faults: named.faults,
    ...(application === undefined ? {} : { application }),
    ...(meansAppliedAt === undefined ? {} : { meansAppliedAt }),
  };
}

/** Reads sound members of a check, and keeps the faults of what they name. */
interface Reader {
  readonly faults: readonly Rejection[];
  readonly text: (pointer: string) => string | undefined;
  readonly id: (pointer: string) => string | undefined;
  /** Pointers to the items of a list. */
  readonly items: (pointer: string) => readonly string[];
  readonly find: <T>(
    finder: (backbone: Backbone, id: string, pointer: string) => Promise<Found<T>>,
    pointer: string,
  ) => Promise<T | undefined>;
  readonly reject: (
    code: Parameters<typeof rejectCheck>[0],
    pointer: string,
    facts?: NonNullable<Rejection['facts']>,
  ) => void;
  readonly add: (fault: Rejection) => void;
}

function reader(backbone: Backbone, check: object, isSound: (pointer: string) => boolean): Reader {
  const faults: Rejection[] = [];
  const value = (pointer: string): unknown =>
    isSound(pointer)
      ? pointer
          .slice(1)
          .split('/')
          .reduce<unknown>((at, name) => (at as { readonly [name: string]: unknown } | null | undefined)?.[name], check)
      : undefined;
  const text: Reader['text'] = (pointer) => {
    const read = value(pointer);
    return typeof read === 'string' ? read : undefined;
  };
  const id: Reader['id'] = (pointer) => {
    const read = text(pointer);
    return read !== undefined && isUuid(read) ? read : undefined;
  };
  return {
    faults,
    text,
    id,
    items(pointer) {
      const list = value(pointer);
      return Array.isArray(list) ? list.map((_, index) => `${pointer}/${index}`) : [];
    },
    async find(finder, pointer) {
      const named = id(pointer);
      if (named === undefined) return undefined;
      const result = await finder(backbone, named, pointer);
      if ('found' in result) return result.found;
      faults.push(result.fault);
      return undefined;
    },
    add: (fault) => void faults.push(fault),
    reject: (code, pointer, facts) =>
      void faults.push(rejectCheck(code, { pointer, ...(facts === undefined ? {} : { facts }) })),
  };
}

/** Members that may name a file in place of another reference, by the kind of check, and what it has to show. */
const NAMING_EVIDENCE: Partial<Record<CheckType, readonly [pointer: string, kind: EvidenceKind]>> = {
  employerStatement: ['/agreement', 'agreement'],
  mandateDecisionCheck: ['/decision', 'mandateDecision'],
};

/** A reference that is an id names evidence: it is there, and shows what the check says that it rests on. */
async function judgeEvidence({ find, id, add }: Reader, type: CheckType | undefined): Promise<void> {
  const [pointer, kind] = (type === undefined ? undefined : NAMING_EVIDENCE[type]) ?? [];
  if (pointer === undefined || kind === undefined) return;
  const evidence = await find(findEvidence, pointer);
  if (evidence === undefined) return;
  // Of a faulty application nothing more is said.
  const why = faultOfNaming(evidence, { kind, application: id('/application') ?? evidence.application });
  if (why !== undefined) add(unknownEvidence(pointer, why));
}

/** Two records are one human when a clerk linked them (MEANS-ID2-ii.b). */
async function isOneHuman(backbone: Backbone, one: string, other: string): Promise<boolean> {
  if (one === other) return true;
  const { of } = await humansOf(backbone, [one, other], []);
  return of(one) === of(other);
}

/** Who consents or gives a proxy is somebody else (PROOF-02, PROOF-05). */
async function judgeOthers(
  backbone: Backbone,
  { find, items, reject }: Reader,
  person: RegisteredPerson | undefined,
  grantor: RegisteredPerson | undefined,
): Promise<void> {
  for (const pointer of items('/cosigners')) {
    const cosigner = await find(findPerson, pointer);
    if (cosigner !== undefined && person !== undefined && (await isOneHuman(backbone, cosigner.id, person.id))) {
      reject('same-person', pointer);
    }
  }
  if (person !== undefined && grantor !== undefined && (await isOneHuman(backbone, grantor.id, person.id))) {
    reject('same-person', '/grantor');
  }
}

interface Owners {
  readonly isOneHuman: (one: string, other: string) => Promise<boolean>;
  /** Who logged in or signed with the means that the check names. */
  readonly user: RegisteredPerson | undefined;
  /** Holder of the means that the check is about. */
  readonly holder: string | undefined;
  readonly signer: RegisteredPerson | undefined;
}

/** The means he used is his own; the checks that are named are of the type asked, and about the holder or signer. */
async function judgeHolders({ find, reject }: Reader, { isOneHuman, user, holder, signer }: Owners): Promise<void> {
  const used = await find(findMeans, '/means');
  if (used !== undefined && user !== undefined && !(await isOneHuman(used.holder, user.id))) {
    reject('not-of-holder', '/means');
  }
  const named = async (pointer: string, type: CheckType): Promise<CheckFacts | undefined> => {
    const check = await find(findCheck, pointer);
    if (check === undefined || check.facts.type === type) return check?.facts;
    reject('unknown-check', pointer, { type });
    return undefined;
  };
  const isAbout = async (check: CheckFacts, person: string): Promise<boolean> => {
    const about = (check.about as { readonly person?: string }).person;
    return about !== undefined && (await isOneHuman(about, person));
  };
  await named('/assertion/signatureValidation', 'eSignatureValidation');
  const signature = await named('/signatureValidation', 'eSignatureValidation');
  if (signature !== undefined && signer !== undefined && !(await isAbout(signature, signer.id))) {
    reject('not-of-holder', '/signatureValidation');
  }
  const appearance = await named('/appearance', 'physicalAppearance');
  if (appearance !== undefined && holder !== undefined && !(await isAbout(appearance, holder))) {
    reject('not-of-holder', '/appearance');
  }
}

/** Entries of lists: sources, systems, publications, authentication services (PROOF-10), equivalences (PROOF-11). */
function judgeNames(
  backbone: Backbone,
  { text, reject }: Reader,
  type: CheckType | undefined,
  product: string | undefined,
): void {
  const { checkNames, governance } = backbone;
  const now = backbone.now();
  const listed = (pointer: string, names: readonly string[]): void => {
    const name = text(pointer);
    if (name !== undefined && !names.includes(name)) reject('unknown-source', pointer, { names: [...names] });
  };
  listed('/source/name', checkNames.sourcesAt(now));
  listed('/performedBy/system', checkNames.systems);
  // Elsewhere `register` is a word of the schema.
  if (type === 'officialNumberVerification') listed('/register', checkNames.sourcesAt(now));
  listed('/publication/source', checkNames.publications);
  listed('/authenticationService', checkNames.authenticationServicesAt(now));

  const equivalence = text('/equivalence');
  if (equivalence === undefined) return;
  const products = governance.productsAt(now).filter(({ id }) => product === undefined || id === product);
  if (!hasEquivalence(products, equivalence, type === 'meansDelivery' ? 'delivery' : 'remoteIdentification')) {
    reject('unknown-equivalence', '/equivalence');
  }
}

async function appliedAt(backbone: Backbone, means: string): Promise<Instant | undefined> {
  const { history } = await backbone.commands.load(meansDecider, streamId('means', means));
  const applied = history.find(({ type }) => type === ('MeansApplied' satisfies MeansApplied['type']));
  return (applied?.data as MeansApplied['data'] | undefined)?.appliedAt;
}
