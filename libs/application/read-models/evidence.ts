import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import {
  answeredAt,
  foldReference,
  isLasting,
  type AuthorizationEvent,
  type CheckFacts,
  type CheckRecorded,
  type MeansEvent,
} from '#libs/domain';
import { present } from './authorizations.js';

/** Where a check is found: by the intake it hangs on, and by whom and what it is about. Its facts stand in its stream. */
export type EvidenceRow = {
  readonly id: string;
  readonly position: bigint;
  readonly application: string;
  readonly type: string;
  readonly person: string | null;
  readonly party: string | null;
  /**
   * Of a lasting finding what it is about: the document that is reported, the party with special circumstances. By it
   * findings are found without every look that found nothing (PROOF-01).
   */
  readonly finding: string | null;
  /** When the answer was given: what the source was asked. */
  readonly answeredAt: Instant;
  /** Of a login: the means that it was made with, or `NO_MEANS_OF_OURS`. */
  readonly loggedInWith: string | null;
  /** Number of the transaction in its compared form, of a check of a bank transaction. */
  readonly transaction: string | null;
  /** When an authorization or a means last came to rest on it. */
  readonly usedAt: string | null;
};

/** Of a login by another register's means, or at the own facility (PROOF-06). */
export const NO_MEANS_OF_OURS = 'none';

type Known = CheckRecorded | AuthorizationEvent | MeansEvent;

/** Every check, for the assembly of dossiers: nothing on record is passed over because nobody names it (PROOF-01). */
export const evidenceProjection: Projection<EvidenceRow> = {
  name: 'evidence',
  version: 5,
  table: {
    name: 'evidence',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      application: 'text',
      type: 'text',
      person: 'text',
      party: 'text',
      finding: 'text',
      answeredAt: 'text',
      loggedInWith: 'text',
      transaction: 'text',
      usedAt: 'text',
    },
    indexes: [
      ['application', 'position'],
      ['person', 'type', 'position'],
      ['person', 'loggedInWith', 'position'],
      ['party', 'type', 'position'],
      ['finding', 'position'],
      ['transaction', 'position'],
    ],
  },
  handles: [
    'CheckRecorded',
    'AuthorizationRegistered',
    'AuthorizationRenewed',
    'AuthorizationChanged',
    'MeansIssued',
    'MeansUpgraded',
    'MeansRenewed',
  ],

  keys(recorded) {
    const { type, data } = recorded as unknown as Known;
    if (type === 'CheckRecorded') return [data.check];
    return 'checks' in data ? data.checks : [];
  },

  fold(row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as Known;
    switch (event.type) {
      case 'CheckRecorded': {
        const { check, facts } = event.data;
        const about: { readonly [kind: string]: string | undefined } = facts.about;
        const party = facts.type === 'representationCheck' ? facts.party : about['party'];
        return {
          id: check,
          position: recorded.position,
          application: facts.application,
          type: facts.type,
          person: about['person'] ?? null,
          party: party ?? null,
          finding: findingIn(facts),
          answeredAt: answeredAt(facts),
          loggedInWith: facts.type === 'authentication' ? (facts.means ?? NO_MEANS_OF_OURS) : null,
          transaction: facts.type === 'bankTransaction' ? foldReference(facts.source.reference) : null,
          usedAt: null,
        };
      }
      case 'AuthorizationRegistered':
        return { ...present(row, recorded), usedAt: event.data.registeredAt };
      case 'AuthorizationRenewed':
        return { ...present(row, recorded), usedAt: event.data.renewedAt };
      case 'AuthorizationChanged':
        return { ...present(row, recorded), usedAt: event.data.changedAt };
      case 'MeansIssued':
        return { ...present(row, recorded), usedAt: event.data.issuedAt };
      case 'MeansUpgraded':
        return { ...present(row, recorded), usedAt: event.data.upgradedAt };
      case 'MeansRenewed':
        return { ...present(row, recorded), usedAt: event.data.renewedAt };
      default:
        throw new Error(`${event.type} is not among the types it handles`);
    }
  },
};

const findingIn = (facts: CheckFacts): string | null => {
  if (!isLasting(facts)) return null;
  return facts.type === 'idDocumentStatus'
    ? facts.document
    : ((facts.about as { readonly party?: string }).party ?? null);
};
