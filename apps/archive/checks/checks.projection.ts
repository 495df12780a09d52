import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import { present } from '#libs/application';
import type {
  AuthorizationEvent,
  CheckFacts,
  CheckRecorded,
  MeansEvent,
  RevocationRequestEvent,
  WeighedCheck,
} from '#libs/domain';
import type { Book } from '#libs/scheme';

/** A check in the auditor's list: its facts, and what has rested on it since. */
export type CheckRow = {
  readonly id: string;
  readonly position: bigint;
  readonly type: string;
  readonly application: string;
  readonly performedAt: string;
  readonly recordedAt: string;
  readonly late: boolean;
  readonly persons: readonly string[];
  readonly parties: readonly string[];
  readonly facts: CheckFacts;
  /** Authorizations, means and revocation requests whose decision names it. */
  readonly authorizations: readonly string[];
  readonly means: readonly string[];
  readonly revocationRequests: readonly string[];
  /** What the decisions that rest on it made of their dossiers; the newest for each object. */
  readonly supports: readonly Supported[];
};

/** An authorization or a means that was decided on a dossier with the check in it: what the dossier earned, and the level. */
export type Supported = {
  readonly authorization?: string;
  /** Book that the authorization was judged by. */
  readonly registration?: Book;
  readonly means?: string;
  /** Per aspect the rows that earn its score, whichever check they rest on. */
  readonly rows: { readonly [aspect: string]: readonly string[] };
  /** How the check stood in it; null where that was not kept yet. */
  readonly stood: Pick<WeighedCheck, 'counts' | 'why' | 'joined' | 'superseded'> | null;
  /** Level of an authorization as it was registered. */
  readonly level?: string | null;
  /** STORK level of a means; null while it is only identified. */
  readonly stork?: number | null;
  readonly ruleSet: string | null;
};

type Known = CheckRecorded | AuthorizationEvent | MeansEvent | RevocationRequestEvent;

export const checksProjection: Projection<CheckRow> = {
  name: 'checks',
  version: 5,
  table: {
    name: 'checks',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      type: 'text',
      application: 'text',
      performedAt: 'text',
      recordedAt: 'text',
      late: 'boolean',
      persons: 'text[]',
      parties: 'text[]',
      facts: 'json',
      authorizations: 'text[]',
      means: 'text[]',
      revocationRequests: 'text[]',
      supports: 'json',
    },
    indexes: [
      ['type', 'position'],
      ['application', 'position'],
      ['late', 'position'],
      ['type', 'late', 'position'],
      ['performedAt', 'position'],
      ['recordedAt', 'position'],
      ['persons'],
      ['parties'],
      ['authorizations'],
      ['means'],
    ],
    selective: ['persons', 'parties', 'authorizations', 'means'],
  },
  handles: [
    'CheckRecorded',
    'AuthorizationRegistered',
    'AuthorizationActivated',
    'AuthorizationRenewed',
    'AuthorizationChanged',
    'AuthorizationSuspended',
    'AuthorizationSuspensionLifted',
    'MeansCertificateRevoked',
    'MeansSuspended',
    'MeansSuspensionLifted',
    'HolderIdentified',
    'MeansIssued',
    'MeansUpgraded',
    'MeansRenewed',
    'RevocationRequested',
    'RevocationAccepted',
    'RevocationRefused',
    'SuspensionRequested',
    'SuspensionAccepted',
    'SuspensionRefused',
  ],

  keys(recorded) {
    const { type, data } = recorded as unknown as Known;
    if (type === 'CheckRecorded') return [data.check];
    if ('judged' in data) return data.judged?.checks ?? [];
    return 'checks' in data ? data.checks : [];
  },

  fold(row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as Recorded<DomainEvent> & Known;
    switch (event.type) {
      case 'CheckRecorded': {
        const { check, facts, late } = event.data;
        return {
          id: check,
          position: recorded.position,
          type: facts.type,
          application: facts.application,
          performedAt: facts.performedAt,
          recordedAt: recorded.recordedAt,
          late,
          persons: personsOf(facts),
          parties: partiesOf(facts),
          facts,
          authorizations: [],
          means: 'means' in facts.about ? [facts.about.means as string] : [],
          revocationRequests: [],
          supports: [],
        };
      }
      case 'AuthorizationRegistered':
      case 'AuthorizationRenewed':
      case 'AuthorizationChanged': {
        const known = present(row, recorded);
        const { authorization, registration, rows, eh: level, evidence } = event.data;
        const stood = stoodIn(evidence, known.id);
        return {
          ...known,
          authorizations: including(known.authorizations, authorization),
          supports: supporting(known.supports, {
            authorization,
            registration,
            rows,
            stood,
            level,
            ruleSet: ruleSetOf(recorded),
          }),
        };
      }
      case 'AuthorizationSuspended':
      case 'AuthorizationSuspensionLifted':
      case 'AuthorizationActivated': {
        const known = present(row, recorded);
        return { ...known, authorizations: including(known.authorizations, event.data.authorization) };
      }
      case 'MeansCertificateRevoked':
      case 'MeansSuspended':
      case 'MeansSuspensionLifted': {
        const known = present(row, recorded);
        return { ...known, means: including(known.means, event.data.means) };
      }
      case 'HolderIdentified':
      case 'MeansIssued':
      case 'MeansUpgraded':
      case 'MeansRenewed': {
        const known = present(row, recorded);
        const { means, rows, evidence } = event.data;
        const stood = stoodIn(evidence, known.id);
        const stork = event.type === 'HolderIdentified' ? null : event.data.stork;
        return {
          ...known,
          means: including(known.means, means),
          supports: supporting(known.supports, { means, rows, stood, stork, ruleSet: ruleSetOf(recorded) }),
        };
      }
      // What waited rests on the checks that it was judged by.
      case 'SuspensionRequested':
      case 'SuspensionAccepted':
      case 'SuspensionRefused':
      case 'RevocationAccepted':
      case 'RevocationRefused':
      case 'RevocationRequested': {
        const known = present(row, recorded);
        return { ...known, revocationRequests: including(known.revocationRequests, event.data.revocationRequest) };
      }
      default:
        throw new Error(`${event.type} is not among the types it handles`);
    }
  },
};

const including = (list: readonly string[], id: string): readonly string[] =>
  list.includes(id) ? list : [...list, id];

const supporting = (list: readonly Supported[], newest: Supported): readonly Supported[] => [
  ...list.filter(({ authorization, means }) => authorization !== newest.authorization || means !== newest.means),
  newest,
];

function stoodIn(evidence: readonly WeighedCheck[] | undefined, check: string): Supported['stood'] {
  const weighed = evidence?.find((one) => one.check === check);
  if (weighed === undefined) return null;
  const { counts, why, joined, superseded } = weighed;
  return { counts, ...(why === undefined ? {} : { why }), joined, superseded };
}

const ruleSetOf = (recorded: Recorded<DomainEvent>): string | null => recorded.metadata.ruleSet ?? null;

const PERSON_MEMBERS = ['grantor', 'declaredBy', 'confirmer', 'voucher', 'signer', 'handedBy', 'subject'];

function personsOf(facts: CheckFacts): readonly string[] {
  const members = facts as unknown as { readonly [name: string]: unknown };
  const about = (facts.about as { readonly person?: string }).person;
  const cosigners = facts.type === 'representationCheck' ? (facts.cosigners ?? []) : [];
  return [
    ...new Set(
      [about, ...PERSON_MEMBERS.map((name) => members[name]), ...cosigners].filter(
        (id): id is string => typeof id === 'string',
      ),
    ),
  ];
}

function partiesOf(facts: CheckFacts): readonly string[] {
  const about = (facts.about as { readonly party?: string }).party;
  const other = facts.type === 'representationCheck' || facts.type === 'mandateDecisionCheck' ? facts.party : undefined;
  const employer = facts.type === 'employerStatement' ? facts.employer : undefined;
  return [...new Set([about, other, employer].filter((id): id is string => id !== undefined))];
}
