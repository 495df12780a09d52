import {
  ProblemError,
  type Channel,
  type MeansAnswer,
  type Medium,
  type Purpose,
  type RecordCheckRequest,
  type RecordDocumentRequest,
  type RegisterPartyRequest,
  type RegisterPersonRequest,
  type Waarborg,
} from '#libs/client';

/** Trade register's documented test foundation, in the part of the school board. */
export const BOARD = {
  kind: 'privateLegalPerson',
  register: 'kvk',
  number: '69599068',
  name: 'Test Stichting Bolderbast',
  address: 'Oosterwal 1, Lochem',
  naturalPersonsBusiness: false,
} as const;
export const ESTABLISHMENT = '000037178598';

export const DUO = 'urn:etoegang:DV:00000099800000001000:services:1';
export const UWV = 'urn:etoegang:DV:00000099800000002000:services:1';

/** Objects of a case, by id. */
export interface Human {
  readonly id: string;
  readonly document: string;
}

/** What a clerk says of a check beside what every one has: its application, its moment, who did it, and where he looked. */
export type Facts = FactsOf<RecordCheckRequest>;
type FactsOf<One> = One extends RecordCheckRequest
  ? Omit<One, 'application' | 'performedAt' | 'performedBy' | 'source' | 'asOf' | 'at'> & Partial<Pick<One, 'source'>>
  : never;

/** How a clerk fills a case: one call per thing he does. Every instant is `minutesAgo` before now. */
export interface Clerk {
  application(channel: Channel, purposes: Purpose[], minutesAgo: number, medium?: Medium): Promise<string>;
  party(details: RegisterPartyRequest): Promise<string>;
  person(key: string, attributes: RegisterPersonRequest, document: RecordDocumentRequest): Promise<Human>;
  /** All of them in one request, which records all or none. */
  checks(application: string, facts: readonly Facts[], minutesAgo: number): Promise<string[]>;
  /** Applies for a means, identifies its holder, issues and activates it. */
  means(application: string, holder: Human, identification: string[], options: MeansOptions): Promise<MeansAnswer>;
}

export interface MeansOptions {
  readonly product: string;
  readonly aimedStork: number;
  readonly party: string;
  /** How it got to its holder; absent: by registered letter. */
  readonly delivery?: Delivery;
}
export type Delivery = Omit<Extract<Facts, { type: 'meansDelivery' }>, 'type' | 'about'>;

/** To the address that the means issuer has validated: IC3. */
export const byRegisteredLetter: Delivery = { form: 'registeredLetter', addressValidated: true };

/** The moment that a check of this type has of its own: here that of the check itself. */
const MOMENT_OF: Readonly<Record<string, string>> = {
  tradeRegisterLookup: 'asOf',
  representationCheck: 'asOf',
  specialCircumstancesCheck: 'asOf',
  authentication: 'at',
};

/** `now` is the clock of the register that he works in, in milliseconds since 1970. */
export function clerk({ api }: Waarborg, run: string, now: () => number = Date.now): Clerk {
  let requests = 0;
  let lookUps = 0;
  const key = (): string => `${run}-${String(++requests).padStart(4, '0')}`;
  const ago = (minutes: number): string => new Date(now() - minutes * 60_000).toISOString();

  const self: Clerk = {
    async application(channel, purposes, minutesAgo, medium) {
      const said = medium === undefined ? {} : { medium };
      const body = { channel, receivedAt: ago(minutesAgo), purposes, ...said };
      return (await api.applicationsReceive({ body, key: key() })).id;
    },

    async party(details) {
      return (await api.partiesRegister({ body: details, key: key() })).id;
    },

    // The same person in every run: his key says who he is, not which run this is.
    async person(name, attributes, document) {
      const { id } = await api.personsRegister({ body: attributes, key: `person-${name}` });
      const { documents } = await api.personsAddDocument({ path: { id }, body: document, key: `passport-${name}` });
      return { id, document: documents[0]!.id };
    },

    async checks(application, facts, minutesAgo) {
      const performedAt = ago(minutesAgo);
      const items = facts.map((one) => {
        const moment = MOMENT_OF[one.type];
        return {
          ...{ application, performedAt, performedBy: { clerk: 'clerk-17' } },
          source: { name: 'case-file', reference: `${run}-${++lookUps}` },
          ...(moment === undefined ? {} : { [moment]: performedAt }),
          ...one,
        } as RecordCheckRequest;
      });
      return (await api.checksRecordBatch({ body: { items }, key: key() })).items.map(({ id }) => id);
    },

    async means(application, holder, identification, { product, aimedStork, party, delivery = byRegisteredLetter }) {
      const body = { application, holder: holder.id, product, aimedStork, party };
      const { id } = await api.meansApply({ body, key: key() });
      const of = { path: { id } };
      await api.meansIdentify({ ...of, body: { checks: identification }, key: key() });
      const delivered: Facts = { type: 'meansDelivery', about: { means: id }, ...delivery };
      await api.meansIssue({ ...of, body: { checks: await self.checks(application, [delivered], 5) }, key: key() });
      return api.meansActivate({ ...of, body: { activatedAt: ago(0) }, key: key() });
    },
  };
  return self;
}

/** The refusal that the story expects of a request. Throws what else went wrong, and where nothing did. */
export async function refusalOf(request: Promise<unknown>): Promise<ProblemError> {
  try {
    await request;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 409) return error;
    throw error;
  }
  throw new Error('it should have been refused');
}

/** What a clerk checks about an organization in a first registration: IA2-b and IV3. */
export const partyChecks = (
  party: string,
  establishments: string[],
  number: string = BOARD.number,
): readonly Facts[] => [
  { type: 'identityAttributesRecorded', about: { party }, uniquelyIdentifying: true },
  {
    type: 'tradeRegisterLookup',
    about: { party },
    via: 'online',
    outcome: 'found',
    agreesOn: ['number', 'name', 'address'],
    currentEstablishments: establishments,
    source: { name: 'trade-register', reference: `basisprofiel-${number}` },
  },
  {
    type: 'specialCircumstancesCheck',
    about: { party },
    outcome: 'none',
    source: { name: 'trade-register', reference: `insolvency-${number}` },
  },
];

/** What he checks about a legal representative who signed on paper: IO2-b and IV2-b. */
export const representativeChecks = (person: Human, party: string, number: string = BOARD.number): readonly Facts[] => [
  { type: 'identityAttributesRecorded', about: { person: person.id }, uniquelyIdentifying: true },
  { type: 'idCopyEnclosed', about: { person: person.id }, document: person.document, presentation: 'paper' },
  {
    type: 'signatureComparison',
    about: { person: person.id },
    document: person.document,
    against: 'idCopy',
    form: 'original',
    onTheSpot: false,
    agrees: true,
  },
  {
    type: 'representationCheck',
    about: { person: person.id },
    party,
    register: 'tradeRegister',
    via: 'online',
    outcome: 'found',
    basis: 'byName',
    agrees: true,
    limitation: 'none',
    sameDataAsIdentified: true,
    source: { name: 'trade-register', reference: `functionarissen-${number}` },
  },
];

/** The look-up in the register of stolen and missing documents: it lifts IO2 to IO3 and carries IG3-f. */
export const documentStatus = (person: Human): Facts => ({
  type: 'idDocumentStatus',
  about: { person: person.id },
  document: person.document,
  status: 'notReported',
  source: { name: 'stolen-document-register', reference: 'enquiry-1' },
});

/** What he checks about the person who gets a means: ii.c and iii.e together are MEANS-ID3-v2. */
export const holderChecks = (person: Human): readonly Facts[] => [
  { type: 'identityAttributesRecorded', about: { person: person.id }, uniquelyIdentifying: true },
  { type: 'idCopyEnclosed', about: { person: person.id }, document: person.document, presentation: 'paper' },
  documentStatus(person),
  {
    type: 'officialNumberVerification',
    about: { person: person.id },
    document: person.document,
    verified: true,
    register: 'verification-register',
  },
];
