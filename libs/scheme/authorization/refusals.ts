import type { Reference } from '../contract/classification.types.js';
import type { Score } from '../score.js';
import { circumstancesConfirmed, circumstancesFound } from './circumstances.js';
import { type Dossier, recordsOf } from './dossier.js';
import { agreeingLookups, containsAll } from './ia.js';
import { showsHim } from './iv.js';
import type { Aspect } from './row.js';
import { isProxyHolderInPerson, isRepresentative } from './submitter.js';

export type AspectScores = Readonly<Partial<Record<Aspect, Score>>>;

/** A finding that stops a registration at every level (classification.md §1.7). Codes may carry what they concern. */
export interface BlockingRefusal {
  readonly code: string;
  readonly rules: readonly string[];
  readonly rule: string;
  readonly found: (dossier: Dossier, scores: AspectScores) => readonly string[];
}

const NONE: readonly string[] = [];
export const when = (condition: boolean, code: string): readonly string[] => (condition ? [code] : NONE);

/** A code for each aspect without a score. Most dossiers have none, and then nothing is made. */
function unscored(scores: AspectScores): readonly string[] {
  let codes = NONE;
  for (const aspect in scores) {
    if (scores[aspect as Aspect] === 0) codes = [...codes, `aspect-unscored:${aspect}`];
  }
  return codes;
}

export function isAppointedByOther(dossier: Dossier): boolean {
  const { authority, registration } = dossier.request;
  if (authority !== 'administration' || isRepresentative(dossier)) return false;
  return registration === 'repeated' || !isProxyHolderInPerson(dossier);
}

/** Whoever appears in the register with a power that stands in the way is not fully authorized (ADMIN-01). */
function hasLimitedPower(dossier: Dossier): boolean {
  if (dossier.request.authority !== 'administration') return false;
  const shown = recordsOf(dossier, 'representationCheck').filter((check) => showsHim(dossier, check));
  return shown.length > 0 && shown.every((check) => check.limitation === 'obstructing');
}

/** A document that somebody presents in this dossier: as a copy, in person, or by the copy on record (AMB-77). */
const isPresented = (dossier: Dossier, document: Reference): boolean =>
  recordsOf(dossier, 'idCopyEnclosed').some((check) => check.document === document) ||
  recordsOf(dossier, 'physicalAppearance').some((check) => check.document === document) ||
  recordsOf(dossier, 'idCopyOnRecord').some((check) => check.document === document);

/** An administrator limited to establishments acts for those only (ADMIN-10). */
function isOutsideHisEstablishments({ request }: Dossier): boolean {
  const his = request.submitter.administration?.establishments;
  if (request.registration !== 'repeated' || his === undefined) return false;
  return request.establishments === undefined || !containsAll(his, request.establishments);
}

/** The trade register was asked for the current establishments, and no answer lists all of those in the scope. */
function establishmentIsNotCurrent(dossier: Dossier): boolean {
  const { establishments } = dossier.request;
  if (establishments === undefined) return false;
  const lists = agreeingLookups(dossier, 'representedParty')
    .map((check) => check.currentEstablishments)
    .filter((list) => list !== undefined);
  return lists.length > 0 && !lists.some((list) => containsAll(list, establishments));
}

function missingItems(dossier: Dossier, scores: AspectScores): readonly string[] {
  const items = recordsOf(dossier, 'completenessCheck').flatMap((check) => check.missingItems);
  if (items.length === 0) return NONE;
  const submitterIsDropped = (scores.IO ?? 0) <= 1;
  return [...new Set(items)].filter((item) => item !== 'submitter' || !submitterIsDropped);
}

export const BLOCKING_REFUSALS: readonly BlockingRefusal[] = [
  {
    code: 'aspect-unscored',
    rules: ['SCORE-03', 'SYN-04'],
    rule: 'No row of an aspect is met; the code names the aspect.',
    found: (_dossier, scores) => unscored(scores),
  },
  {
    code: 'incomplete',
    rules: ['CONT-12', 'CONT-02'],
    rule: 'The submission lacks an item; the code names it. The submitter is not missed at IO1.',
    found: (dossier, scores) => missingItems(dossier, scores).map((item) => `incomplete:${item}`),
  },
  {
    code: 'operator-is-authorized-party',
    rules: ['REG-09', 'CHAIN-17', 'AMB-59'],
    rule: 'The operator of the register, or somebody who acts for it, would be authorized.',
    found: ({ request }) => when(request.authorizedParty.belongsToOperator === true, 'operator-is-authorized-party'),
  },
  {
    code: 'appointer-not-legal-representative',
    rules: ['ADMIN-01', 'AMB-75'],
    rule:
      'An administrator is appointed by somebody who does not represent the party, or whose power the register shows ' +
      'with a limitation that stands in the way.',
    found: (dossier) =>
      when(isAppointedByOther(dossier) || hasLimitedPower(dossier), 'appointer-not-legal-representative'),
  },
  {
    code: 'no-administration-authority',
    rules: ['ADMIN-06', 'ADMIN-07'],
    rule: 'A repeated registration by somebody without a registered administration authority.',
    found: ({ request }) =>
      when(
        request.registration === 'repeated' && request.submitter.administration === undefined,
        'no-administration-authority',
      ),
  },
  {
    code: 'outside-establishment',
    rules: ['ADMIN-10', 'D-15'],
    rule: 'The administrator is limited to establishments, and the scope goes beyond them.',
    found: (dossier) => when(isOutsideHisEstablishments(dossier), 'outside-establishment'),
  },
  {
    code: 'establishment-not-current',
    rules: ['IA2-b-est', 'D-14'],
    rule: 'An establishment of the scope is not among the current ones in the trade register.',
    found: (dossier) => when(establishmentIsNotCurrent(dossier), 'establishment-not-current'),
  },
  {
    code: 'document-reported',
    rules: ['STOLEN-01', 'AMB-77', 'MEANS-ID3-e'],
    rule: 'An identity document that is presented in the dossier is reported stolen or missing, whatever another look says.',
    found: (dossier) =>
      when(
        recordsOf(dossier, 'idDocumentStatus').some(
          (check) => check.status === 'reported' && isPresented(dossier, check.document),
        ),
        'document-reported',
      ),
  },
  {
    code: 'inconsistent-identity-data',
    rules: ['PARTY-07'],
    rule: 'The register was asked about other data than those recorded for the person and the party.',
    found: (dossier) =>
      when(
        recordsOf(dossier, 'representationCheck').some(
          (check) => check.outcome === 'found' && !check.sameDataAsIdentified,
        ),
        'inconsistent-identity-data',
      ),
  },
  {
    code: 'special-circumstances-unconfirmed',
    rules: ['IV3-extra', 'AMB-63'],
    rule: 'Special circumstances were found and nobody entitled to do so confirmed the submission.',
    found: (dossier) =>
      when(circumstancesFound(dossier) && !circumstancesConfirmed(dossier), 'special-circumstances-unconfirmed'),
  },
];
