import {
  categoryOf,
  isUuid,
  objectIdOf,
  type DomainEvent,
  type Instant,
  type JsonObject,
  type JsonValue,
  type Recorded,
} from '#libs/kernel';
import {
  applicationCodec,
  authorizationCodec,
  checkCodec,
  confirmationCodec,
  evidenceCodec,
  meansCodec,
  partyCodec,
  personCodec,
  revocationRequestCodec,
} from '#libs/domain';

/** What is kept and, one day, destroyed: a stream, or a document, which stands in its person's and has a key of its own. */
export const KEPT_KINDS = [
  ...(['application', 'check', 'person', 'document', 'party', 'means'] as const),
  ...(['authorization', 'revocationRequest', 'confirmation', 'evidence'] as const),
] as const;
export type KeptKind = (typeof KEPT_KINDS)[number];

export interface KeptObject {
  readonly kind: KeptKind;
  readonly id: string;
}

/** As it stands in lists of what rests on what. */
export type KeptName = `${KeptKind}/${string}`;
export const keptName = ({ kind, id }: KeptObject): KeptName => `${kind}/${id}`;
export function keptObject(name: string): KeptObject {
  const [kind, id] = name.split('/', 2) as [KeptKind, string];
  return { kind, id };
}

/** What one fact says of how long an object is kept. */
export interface Tie {
  readonly of: KeptName;
  /** When it happened: nothing of the object goes before seven years from its last fact. */
  readonly at: Instant;
  /** What has to be kept as long as this object: what it was decided on (ARCH-10). */
  readonly restsOn: readonly KeptName[];
  /** What this object is kept as long as: a confirmation goes with what it tells of. */
  readonly goesWith: readonly KeptName[];
  /** What it is about: a hold on that holds it as well; neither is kept as long as the other. */
  readonly about: readonly KeptName[];
  /** Its end, of what has one; `stands`: there is none yet; absent: the fact says nothing of it. */
  readonly ends?: 'stands' | Instant;
}

/** Types of events that say something of how long objects are kept. */
export const TYING_EVENTS: readonly string[] = [
  ...[applicationCodec, authorizationCodec, checkCodec, confirmationCodec, evidenceCodec, meansCodec, partyCodec],
  ...[personCodec, revocationRequestCodec],
].flatMap((codec) => Object.keys(codec));

/** Members that name an object, and of which kind; whatever fact they stand in. */
export const NAMING: Readonly<Record<string, KeptKind>> = {
  application: 'application',
  ...{ check: 'check', checks: 'check', findings: 'check', appearance: 'check', signatureValidation: 'check' },
  ...{ person: 'person', holder: 'person', legalRepresentative: 'person', statedBy: 'person' },
  ...{ grantor: 'person', cosigners: 'person', declaredBy: 'person', confirmer: 'person', voucher: 'person' },
  ...{ signer: 'person', handedBy: 'person', subject: 'person', to: 'person' },
  ...{ party: 'party', representedParty: 'party', employer: 'party', onlyForClients: 'party' },
  document: 'document',
  means: 'means',
  ...{ authorization: 'authorization', authorities: 'authorization' },
  revocationRequest: 'revocationRequest',
  confirmation: 'confirmation',
  ...{ evidence: 'evidence', copies: 'evidence', agreement: 'evidence', decision: 'evidence' },
};

/**
 * Members that name what the fact is about or has an effect on, and does not rest on: who was recognized in whom, what an
 * upgrade left below its level, what a request ends, who was told.
 */
export const MENTIONING: ReadonlySet<string> = new Set([
  ...['object', 'lines', 'certificates', 'staysBelow'],
  ...['duplicatesOf', 'of', 'from', 'addressee', 'addressees', 'erased', 'authorized', 'represented'],
]);

/** Of those, members whose objects a fact is about: it is held with them, though neither is kept as long as the other. */
const ABOUT: readonly string[] = ['object', 'lines', 'certificates', 'staysBelow'];

/** Members whose ids are no object's: of events, of contacts, of the catalogue of services, and pseudonyms. */
export const NO_OBJECT: ReadonlySet<string> = new Set([
  ...[
    'contact',
    'contacts',
    'kept',
    'reach',
    'event',
    'pseudonym',
    'services',
    'groups',
    'restrictedToProvider',
    'restrictedToServices',
  ],
]);

/** Every object that is named in a value, wherever in it. */
function namedIn(data: JsonObject, passedOver: ReadonlySet<string> = MENTIONING): readonly KeptName[] {
  const found = new Set<KeptName>();
  const walk = (value: JsonValue | undefined, member: string): void => {
    if (passedOver.has(member) || NO_OBJECT.has(member)) return;
    if (typeof value === 'string') {
      // A reference that is no id (of a mandate decision, of an agreement) names nothing that is kept here.
      if (!isUuid(value)) return;
      const kind = NAMING[member];
      // Of a member that nobody has thought of it is not known what it names: an id is that of one object only.
      for (const each of kind === undefined ? KEPT_KINDS : [kind]) found.add(`${each}/${value}`);
    } else if (Array.isArray(value)) {
      for (const item of value) walk(item, member);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) walk(inner, name);
    }
  };
  for (const [name, value] of Object.entries(data)) walk(value, name);
  return [...found];
}

const NOTHING_PASSED_OVER: ReadonlySet<string> = new Set();

/** What a fact is about and does not rest on. */
const mentionedIn = (data: JsonObject): readonly KeptName[] => {
  const said = Object.fromEntries(ABOUT.flatMap((member) => (member in data ? [[member, data[member]!]] : [])));
  return namedIn(said, NOTHING_PASSED_OVER);
};

/** When a fact that stands in this member happened; of others the store's own moment counts. */
const MOMENTS: Readonly<Record<string, (data: JsonObject) => JsonValue | undefined>> = {
  ApplicationReceived: ({ receivedAt }) => receivedAt,
  CheckRecorded: ({ facts }) => (facts as JsonObject)['performedAt'],
};

/** When a fact happened, by itself or by the store. */
export const happenedAt = ({ type, data, recordedAt }: Recorded<DomainEvent>): Instant =>
  (MOMENTS[type]?.(data as unknown as JsonObject) ?? recordedAt) as Instant;

/** What says of an object that has an end that it has begun, or when it ends. */
const ENDS: Readonly<Record<string, (data: JsonObject, recordedAt: Instant) => Tie['ends']>> = {
  AuthorizationRegistered: ({ validUntil }) => validUntil as Instant,
  AuthorizationRenewed: ({ validUntil }) => validUntil as Instant,
  AuthorizationChanged: ({ validUntil }) => validUntil as Instant,
  AuthorizationRevoked: ({ revokedAt }) => revokedAt as Instant,
  MeansIssued: () => 'stands',
  MeansRevoked: ({ revokedAt }) => revokedAt as Instant,
  ...Object.fromEntries(['RevocationRequested', 'SuspensionRequested'].map((type) => [type, () => 'stands' as const])),
  ...Object.fromEntries(
    [
      ...['RevocationRefused', 'RevocationWithdrawn', 'RevocationEffected'],
      ...['SuspensionRefused', 'SuspensionRequestWithdrawn', 'SuspensionEffected'],
    ].map((type) => [type, (_: JsonObject, recordedAt: Instant) => recordedAt]),
  ),
};

const isKind = (category: string): category is KeptKind => (KEPT_KINDS as readonly string[]).includes(category);

/**
 * What a fact ties. Pure and total: of a fact that it does not know everything that it names is kept as long as its object,
 * so that nothing goes too early because of a member that nobody thought of here.
 */
export function tiesIn(event: Recorded<DomainEvent>): readonly Tie[] {
  const { stream } = event.metadata;
  const category = categoryOf(stream);
  if (!isKind(category)) return [];
  const own: KeptName = `${category}/${objectIdOf(stream)}`;
  const data = event.data as unknown as JsonObject;
  const at = happenedAt(event);
  const ends = ENDS[event.type]?.(data, event.recordedAt);
  const tie = (of: KeptName, restsOn: readonly KeptName[], goesWith: readonly KeptName[] = []): Tie => ({
    ...{ of, at, restsOn: restsOn.filter((name) => name !== of), goesWith },
    about: of === own ? mentionedIn(data).filter((name) => name !== of) : [],
    ...(of !== own || ends === undefined ? {} : { ends }),
  });
  switch (category) {
    case 'confirmation':
      return [tie(own, [], aboutOf(data))];
    case 'evidence': {
      // That its time is over begins no other time.
      if (event.type === 'EvidenceDestroyed' && data['ground'] === 'retentionOver') return [];
      const { decision, ...more } = data;
      const of = (decision as JsonObject | undefined)?.['of'] as JsonObject | undefined;
      // A form or a deed is named by no decision: it is kept as long as what was decided on its intake (ARCH-07).
      const intake = typeof data['application'] === 'string' ? [`application/${data['application']}` as KeptName] : [];
      return [tie(own, namedIn(more), [...intake, ...(of === undefined ? [] : namedIn(of))])];
    }
    case 'authorization':
      return [tie(own, namedIn(data), event.type === 'AuthorizationRegistered' ? usedUnnamedBy(data) : [])];
    case 'party':
      // That addresses are erased begins no other time.
      return event.type === 'PartyContactsErased' ? [] : [tie(own, namedIn(data))];
    case 'person': {
      if (event.type === 'PersonContactsErased') return [];
      if (event.type === 'DocumentRecorded') {
        return [tie(own, []), tie(`document/${String(data['document'])}`, [own])];
      }
      // With which intake attributes came in is a reference; what showed a correction is what it rests on.
      const { application: _intake, ...attributes } = data;
      return [tie(own, namedIn(event.type === 'PersonRegistered' ? attributes : data))];
    }
    case 'check': {
      const named = namedIn(data);
      const { type, about } = (data['facts'] ?? {}) as JsonObject;
      if (type !== 'authentication') return [tie(own, named)];
      // Who logs in to look something up, or to ask for his data to be erased, is not kept for seven years more by that; what is
      // decided on a login names who made it (ARCH-08).
      const person = `person/${String((about as JsonObject | undefined)?.['person'])}` as KeptName;
      const login = tie(
        own,
        named.filter((name) => name !== person),
      );
      return [named.includes(person) ? { ...login, about: [...login.about, person] } : login];
    }
    default:
      return [tie(own, namedIn(data))];
  }
}

/**
 * Decisions did not always name the authorizations that they were scored by, such as that of an administrator. One that was
 * registered then may have been used by any of them that is about the same organization or the same authorized party: it is
 * kept as long as whatever rests on these.
 */
const usedUnnamedBy = (data: JsonObject): readonly KeptName[] => {
  if ('authorities' in data) return [];
  const { representedParty, authorizedParty } = data;
  const { person, party } = (authorizedParty ?? {}) as JsonObject;
  return namedIn({
    ...(representedParty === undefined ? {} : { representedParty }),
    ...(person === undefined ? {} : { person }),
    ...(party === undefined ? {} : { party }),
  });
};

const aboutOf = ({ about }: JsonObject): readonly KeptName[] =>
  about === undefined ? [] : namedIn(about as JsonObject);

/** Facts behind the first one of their object that say nothing of when it can be over, and by what it is looked at. */
const FOLLOWING = new Set(['ConfirmationSent', 'ConfirmationRetried', 'ConfirmationFailed', 'ConfirmationLapsed']);

/**
 * What a fact has looked at, when its time can be over: its object, or the one that it hangs on and is looked at with. Of a fact
 * that is not known here: its object, so that nothing is kept for ever because nobody thought of it.
 */
export function looksFor(event: Recorded<DomainEvent>): readonly KeptName[] {
  const { stream } = event.metadata;
  const category = categoryOf(stream);
  if (!isKind(category)) return [];
  const own: KeptName = `${category}/${objectIdOf(stream)}`;
  const data = event.data as unknown as JsonObject;
  const intakeOf = (value: JsonValue | undefined): readonly KeptName[] =>
    typeof value === 'string' && isUuid(value) ? [`application/${value}`] : [own];
  switch (category) {
    case 'check':
      return intakeOf((data['facts'] as JsonObject | undefined)?.['application']);
    case 'evidence':
      // The first one has named its intake.
      return event.type === 'EvidenceKept' || event.type === 'EvidenceDestroyed' ? [] : intakeOf(data['application']);
    case 'confirmation': {
      if (FOLLOWING.has(event.type)) return [];
      const about = aboutOf(data).filter((name) => ['authorization', 'means'].includes(keptObject(name).kind));
      return about.length > 0 ? about : [own];
    }
    default:
      return [own];
  }
}
