import { streamId, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import { StoreUnavailable } from '#libs/eventing';
import { allRows, documentsOf, fewAtOnce, humansOf, loadChecks, type Backbone } from '#libs/application';
import {
  authorizationDecider,
  isKeptFromLevel2,
  isLasting,
  LEAST_LEVEL,
  meansDecider,
  revocationRequestDecider,
  type AuthorizationEvent,
  type AuthorizationRegistered,
  type CheckFacts,
  type CopyDecision,
  type CopyOf,
  type EvidenceDescription,
  type MeansApplied,
  type MeansEvent,
  type RevocationRequestEvent,
} from '#libs/domain';
import type { EhLevel } from '#libs/scheme';
import { decidedObjectsProjection, type DecidedRole } from './decided-objects.projection.js';

type Facts = AuthorizationEvent | MeansEvent | RevocationRequestEvent;

/**
 * Decisions by which files stay or go, by the role that a copy was given in (WID-10). A request to revoke or to suspend stands for
 * what was decided on it: it is on record whatever came of it (REV-06), and settles no copy.
 */
export const DECISIONS = {
  registration: ['AuthorizationRegistered', 'AuthorizationRenewed', 'AuthorizationChanged'],
  issuance: ['MeansIssued', 'MeansUpgraded', 'MeansRenewed'],
  revocation: ['RevocationRequested', 'SuspensionRequested'],
} as const satisfies Readonly<Record<DecidedRole, readonly Facts['type'][]>>;

/** A decision on an application, when it was recorded, and what it is about. */
export interface Decided {
  readonly role: DecidedRole;
  readonly application: string;
  readonly decision: CopyDecision;
  readonly decidedAt: Instant;
  readonly position: bigint;
  /** Who has a part in it: submitter, legal representative and authorized person, or the holder of a means. */
  readonly persons: readonly string[];
  /** The checks that it rests on. */
  readonly checks: readonly string[];
}

/** The decisions in the history of an authorization, a means or a request, in their order. */
function decisionsIn(history: readonly Recorded<DomainEvent>[]): readonly Decided[] {
  const facts = history as unknown as readonly (Facts & Recorded<DomainEvent>)[];
  const applied = facts.find(({ type }) => type === 'MeansApplied')?.data as MeansApplied['data'] | undefined;
  const registered = facts.find(({ type }) => type === 'AuthorizationRegistered')?.data as
    AuthorizationRegistered['data'] | undefined;
  return facts.flatMap((event): readonly Decided[] => {
    const { position, recordedAt: decidedAt } = event;
    switch (event.type) {
      case 'AuthorizationRegistered':
      case 'AuthorizationRenewed':
      case 'AuthorizationChanged': {
        const { authorization, application, m: level, submitter, legalRepresentative, checks } = event.data;
        const authorized = registered?.authorizedParty;
        const persons = [
          ...[submitter.person, ...(legalRepresentative === undefined ? [] : [legalRepresentative])],
          ...(authorized !== undefined && 'person' in authorized ? [authorized.person] : []),
        ];
        const decision = { of: { authorization }, level };
        return [{ role: 'registration', application, decision, decidedAt, position, persons, checks }];
      }
      case 'MeansIssued':
      case 'MeansUpgraded':
      case 'MeansRenewed': {
        const { means, stork: level, checks } = event.data;
        const application = event.type === 'MeansIssued' ? applied?.application : event.data.application;
        if (application === undefined || applied === undefined) return [];
        const decision = { of: { means }, level };
        return [{ role: 'issuance', application, decision, decidedAt, position, persons: [applied.holder], checks }];
      }
      case 'RevocationRequested':
      case 'SuspensionRequested': {
        const { revocationRequest, application, checks, requester } = event.data;
        const decision = { of: { revocationRequest }, level: storkOf(event.data.level) };
        const persons = requester.person === undefined ? [] : [requester.person];
        return [{ role: 'revocation', application, decision, decidedAt, position, persons, checks }];
      }
      default:
        return [];
    }
  });
}

/** EH2+ stands on level 2 (AMB-67). */
const storkOf = (level: EhLevel): number => Number(level.slice(2, 3));

const OBJECTS = {
  registration: ['authorization', authorizationDecider],
  issuance: ['means', meansDecider],
  revocation: ['revocationRequest', revocationRequestDecider],
} as const;

async function decisionsAbout({ commands }: Backbone, role: DecidedRole, object: string): Promise<readonly Decided[]> {
  const [category, decider] = OBJECTS[role];
  const { history } = await commands.load(decider as typeof meansDecider, streamId(category, object));
  return decisionsIn(history);
}

/** What was decided by an event; `undefined`: nothing by which a copy stays or goes. */
export async function decidedBy(backbone: Backbone, event: Recorded<DomainEvent>): Promise<Decided | undefined> {
  const role = (Object.keys(DECISIONS) as DecidedRole[]).find((one) =>
    (DECISIONS[one] as readonly string[]).includes(event.type),
  );
  if (role === undefined) return undefined;
  const object = (event.data as { readonly [category in (typeof OBJECTS)[DecidedRole][0]]: string })[OBJECTS[role][0]];
  const decided = await decisionsAbout(backbone, role, object);
  return decided.find(({ position }) => position === event.position);
}

/** Everybody whom a check brings into the dossier beside those who have a part in it: they confirm, grant or sign along. */
const broughtIn = (facts: CheckFacts): readonly string[] => {
  const { grantor, declaredBy, confirmer, cosigners } = facts as {
    readonly [member in 'grantor' | 'declaredBy' | 'confirmer']?: string;
  } & { readonly cosigners?: readonly string[] };
  return [grantor, declaredBy, confirmer, ...(cosigners ?? [])].flatMap((one) => one ?? []);
};

interface Named {
  readonly person: string;
  readonly document: string;
}

/** The document that a check is about or compares with, and whose it is; a look that found it reported presents none. */
function documentIn(facts: CheckFacts): readonly Named[] {
  if (!('document' in facts) || facts.document === undefined || isLasting(facts)) return [];
  const person = facts.type === 'proxyCheck' ? facts.grantor : facts.about.person;
  return [{ person, document: facts.document }];
}

/**
 * Whether a decision is about a copy: whose it is has a part in the dossier, by whichever of his records (MEANS-ID2-ii.b),
 * and where its checks name documents of his, it is of one of these. Of anybody else's it says nothing (WID-01, WID-10).
 */
export async function isAbout(
  backbone: Backbone,
  { persons, checks, decidedAt }: Decided,
  { person, document }: CopyOf,
): Promise<boolean> {
  const loaded = await loadChecks(backbone, checks, '');
  if ('faults' in loaded) throw new StoreUnavailable('checks of a decision are not there yet');
  const said = loaded.checks.map(({ facts }) => facts);
  const humans = await humansOf(backbone, [...persons, person], loaded.checks);
  const isHis = (other: string): boolean => humans.of(other) === humans.of(person);
  if (![...persons, ...said.flatMap(broughtIn)].some(isHis)) return false;
  const named = said.flatMap(documentIn).filter((one) => isHis(one.person));
  if (named.length === 0 || named.some((one) => one.document === document)) return true;
  // A document may be on record more than once.
  const { of } = await documentsOf(backbone, humans, humans.recordsOf(person), decidedAt);
  return named.some((one) => of(one.document) === of(document));
}

/** Everything that was decided on the application, in those roles, in its order. */
async function decisionsOn(
  backbone: Backbone,
  application: string,
  roles: readonly DecidedRole[],
): Promise<readonly Decided[]> {
  const { readModels } = backbone;
  await readModels.upToDate(decidedObjectsProjection);
  const rows = await allRows(readModels.store, decidedObjectsProjection, [
    { column: 'application', is: 'equal', value: application },
  ]);
  const decided = await fewAtOnce(
    rows.flatMap(({ role, object }) => (role !== 'other' && roles.includes(role) ? [{ role, object }] : [])),
    ({ role, object }) => decisionsAbout(backbone, role, object),
  );
  const here = decided.flat().filter((one) => one.application === application);
  return here.sort((one, other) => (one.position < other.position ? -1 : 1));
}

/**
 * The first decision on the application in that role that is about the copy; `undefined`: none yet. By then the copy was
 * used: what is decided about the same person later on the same application is supplied with copies of its own.
 */
async function decisionOn(backbone: Backbone, application: string, copy: CopyOf): Promise<Decided | undefined> {
  for (const one of await decisionsOn(backbone, application, [copy.role])) {
    if (await isAbout(backbone, one, copy)) return one;
  }
  return undefined;
}

/** The first decision on the application at level 2 or higher, else the first one; `undefined`: none yet (ARCH-12). */
async function levelDecidedOn(backbone: Backbone, application: string): Promise<Decided | undefined> {
  const decided = await decisionsOn(backbone, application, ['registration', 'issuance', 'revocation']);
  return decided.find(({ decision }) => decision.level >= LEAST_LEVEL) ?? decided[0];
}

/** Whether something was done by the application that decides about no level, such as a correction (ARCH-07, ARCH-08). */
export async function isUsedOtherwise({ readModels }: Backbone, application: string): Promise<boolean> {
  await readModels.upToDate(decidedObjectsProjection);
  const found = await readModels.store.search(decidedObjectsProjection, {
    where: [
      { column: 'application', is: 'equal', value: application },
      { column: 'role', is: 'equal', value: 'other' },
    ],
    limit: 1,
  });
  return found.length > 0;
}

/** The decision by which what is described so stays or goes; `undefined`: none yet, or it is kept by what it is. */
export async function decisionFor(
  backbone: Backbone,
  application: string,
  description: EvidenceDescription,
): Promise<Decided | undefined> {
  if (description.kind === 'idCopy') return decisionOn(backbone, application, description);
  return isKeptFromLevel2(description.kind) ? levelDecidedOn(backbone, application) : undefined;
}
