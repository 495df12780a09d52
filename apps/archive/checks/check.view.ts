import type { CheckFacts } from '#libs/domain';
import './check-components.js';

/**
 * A check as it is shown: its facts, never the words of a clerk. The contract has one component per kind
 * (check-components.ts).
 */
export type CheckView = CheckFacts & {
  readonly id: string;
  /** Recorded more than 31 days after it was performed. */
  readonly late: boolean;
};

export const checkView = (check: {
  readonly id: string;
  readonly facts: CheckFacts;
  readonly late: boolean;
}): CheckView => ({
  id: check.id,
  ...check.facts,
  late: check.late,
});

export const checkExample = {
  id: '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10',
  type: 'idDocumentStatus',
  application: '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
  about: { person: '3c2d4e5f-1111-4222-8333-944455566677' },
  document: '9a8b7c6d-1111-4222-8333-944455566677',
  status: 'notReported',
  performedAt: '2026-03-02T10:12:00.000Z',
  performedBy: { clerk: '5b1f1b8e-1111-4222-8333-944455566677' },
  source: { name: 'stolen-document-register', reference: 'enquiry-2026-0302-17' },
  late: false,
} as const;

/** A no is a check like any other. */
export const reportedExample = { ...checkExample, id: '8d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10', status: 'reported' };

/** What a program looked up in the trade register. */
export const lookupExample = {
  id: '9d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10',
  type: 'tradeRegisterLookup',
  application: checkExample.application,
  about: { party: '8a7b6c5d-1111-4222-8333-944455566677' },
  via: 'online',
  asOf: '2026-03-02T10:12:00.000Z',
  outcome: 'found',
  agreesOn: ['number', 'name', 'address'],
  currentEstablishments: ['000037178598'],
  performedAt: '2026-03-02T10:12:00.000Z',
  performedBy: { system: 'trade-register-adapter' },
  source: { name: 'trade-register', reference: 'basisprofiel-69599068' },
  late: false,
};
