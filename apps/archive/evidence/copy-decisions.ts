import { streamId, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import { StoreUnavailable } from '#libs/eventing';
import { allRows, documentsOf, fewAtOnce, humansOf, loadChecks, type Backbone } from '#libs/application';
import {
  authorizationDecider,
  isLasting,
  meansDecider,
  type AuthorizationEvent,
  type AuthorizationRegistered,
  type CheckFacts,
  type CopyDecision,
  type CopyOf,
  type CopyRole,
  type MeansApplied,
  type MeansEvent,
} from '#libs/domain';
import { decidedObjectsProjection } from './decided-objects.projection.js';

/** Decisions by which a copy stays or goes, by the role that it was given in (WID-10). */
export const DECISIONS = {
  registration: ['AuthorizationRegistered', 'AuthorizationRenewed', 'AuthorizationChanged'],
  issuance: ['MeansIssued', 'MeansUpgraded', 'MeansRenewed'],
} as const satisfies Readonly<Record<CopyRole, readonly (AuthorizationEvent | MeansEvent)['type'][]>>;

/** A decision on an application, when it was recorded, and what it is about. */
export interface Decided {
  readonly role: CopyRole;
  readonly application: string;
  readonly decision: CopyDecision;
  readonly decidedAt: Instant;
  readonly position: bigint;
  /** Who has a part in it: submitter, legal representative and authorized person, or the holder of a means. */
  readonly persons: readonly string[];
  /** The checks that it rests on. */
  readonly checks: readonly string[];
}

type Facts = AuthorizationEvent | MeansEvent;

/** The decisions in the history of an authorization or a means, in their order. */
function decisionsIn(history: readonly Recorded<DomainEvent>[]): readonly Decided[] {
  const facts = history as unknown as readonly (Facts & Recorded<DomainEvent>)[];
  const applied = facts.find(({ type }) => type === 'MeansApplied')?.data as MeansApplied['data'] | undefined;
  const registered = facts.find(({ type }) => type === 'AuthorizationRegistered')?.data as
    AuthorizationRegistered['data'] | undefined;
  return facts.flatMap((event) => {
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
      default:
        return [];
    }
  });
}

const OBJECTS = {
  registration: ['authorization', authorizationDecider],
  issuance: ['means', meansDecider],
} as const;

async function decisionsAbout({ commands }: Backbone, role: CopyRole, object: string): Promise<readonly Decided[]> {
  const [category, decider] = OBJECTS[role];
  const { history } = await commands.load(decider as typeof meansDecider, streamId(category, object));
  return decisionsIn(history);
}

/** What was decided by an event; `undefined`: nothing by which a copy stays or goes. */
export async function decidedBy(backbone: Backbone, event: Recorded<DomainEvent>): Promise<Decided | undefined> {
  const { authorization, means } = event.data as { readonly authorization?: string; readonly means?: string };
  const decided =
    authorization === undefined
      ? await decisionsAbout(backbone, 'issuance', means!)
      : await decisionsAbout(backbone, 'registration', authorization);
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

/**
 * The first decision on the application in that role that is about the copy; `undefined`: none yet. By then the copy was
 * used: what is decided about the same person later on the same application is supplied with copies of its own.
 */
export async function decisionOn(backbone: Backbone, application: string, copy: CopyOf): Promise<Decided | undefined> {
  const { readModels } = backbone;
  await readModels.upToDate(decidedObjectsProjection);
  const rows = await allRows(readModels.store, decidedObjectsProjection, [
    { column: 'application', is: 'equal', value: application },
  ]);
  const decided = await fewAtOnce(
    rows.filter(({ role }) => role === copy.role),
    ({ role, object }) => decisionsAbout(backbone, role, object),
  );
  const here = decided.flat().filter((one) => one.application === application);
  for (const one of here.sort((a, b) => (a.position < b.position ? -1 : 1))) {
    if (await isAbout(backbone, one, copy)) return one;
  }
  return undefined;
}
