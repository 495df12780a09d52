import { streamId, type DomainEvent, type Recorded } from '#libs/kernel';
import {
  authorizationsProjection,
  fewAtOnce,
  whereNotOver,
  type AuthorizationRow,
  type Backbone,
} from '#libs/application';
import { authorizationDecider, type Authorization, type RegisteredAuthorization } from '#libs/domain';
import { commonPeriod, entrusted, meeting, type Granted } from './entrusted.js';
import type { Told } from './letters.js';

/** A fact of an authorization, and the authorization right before and after the command that recorded it. */
export interface AuthorizationFact {
  readonly backbone: Backbone;
  readonly signal: AbortSignal;
  readonly event: Recorded<DomainEvent>;
  readonly before: Authorization;
  readonly state: RegisteredAuthorization;
}

/** Authority that was passed on (CHAIN-04). */
export interface Substitution {
  /** Whose authority it is. */
  readonly representedParty: string;
  /** What was given to the intermediary. */
  readonly link: string;
}

/** An authorization of the intermediary by which authority is passed on; not now: it may come to be. */
export type Substitute = { readonly id: string; readonly isNow: boolean };

/**
 * Where to look for what a fact passes on: among the links to the organization that gave it (`links`), or, of a link, among
 * what the intermediary gave (`given`).
 */
export const WAYS = ['links', 'given'] as const;
export type Way = (typeof WAYS)[number];

/** The organization whose links or authorizations are looked through; `undefined`: that way the fact passes on nothing. */
export function lookedThrough(
  { authority, representedParty, authorizedParty, nature }: RegisteredAuthorization,
  way: Way,
): string | undefined {
  if (way === 'links') return authority === 'administration' ? undefined : representedParty;
  return 'party' in authorizedParty && nature.rightOfSubstitution ? authorizedParty.party : undefined;
}

/** What was registered before the fact and is not over, newest first: a page of it, and where to go on. */
export async function registeredBefore(
  { backbone, event, state }: AuthorizationFact,
  way: Way,
  { limit, after }: { readonly limit: number; readonly after?: PageEnd },
): Promise<{ readonly rows: readonly AuthorizationRow[]; readonly next?: PageEnd }> {
  const party = lookedThrough(state, way);
  if (party === undefined) return { rows: [] };
  const column = way === 'links' ? 'authorizedParty' : 'representedParty';
  const rows = await backbone.readModels.store.search<AuthorizationRow>(authorizationsProjection, {
    where: [{ column, is: 'equal', value: party }, ...whereNotOver(backbone.now())],
    limit,
    after: after === undefined ? { order: event.position, key: '' } : { order: BigInt(after.order), key: after.key },
  });
  const last = rows.at(-1);
  return {
    rows: rows.filter(({ position }) => position < event.position),
    ...(last === undefined || rows.length < limit ? {} : { next: { order: String(last.position), key: last.id } }),
  };
}

/** As work keeps it. */
export type PageEnd = { readonly order: string; readonly key: string };

/**
 * What the fact, of an authorization that an intermediary gave, passes on of these links to it. What is registered after it
 * is told by the link (`substitutesAmong`), so that each pair is told once, whatever comes first. A link that has not begun or
 * is suspended is passed on all the same: it is by what stands behind it that it will be used.
 */
export async function substitutionsOf(
  { backbone, signal, event, before, state }: AuthorizationFact,
  rows: readonly AuthorizationRow[],
): Promise<readonly Substitution[]> {
  const found = await fewAtOnce(rows, async ({ id }) => {
    signal.throwIfAborted();
    const link = await asOf(backbone, id, event);
    if (link === undefined || !isNew(backbone.governance, [link, link], [before, state])) return [];
    return [{ representedParty: link.representedParty, link: id }];
  });
  return found.flat();
}

/** By which of these authorizations of the intermediary the authority that the fact gives it is passed on already. */
export async function substitutesAmong(
  { backbone, signal, event, before, state }: AuthorizationFact,
  rows: readonly AuthorizationRow[],
): Promise<readonly Substitute[]> {
  const { governance } = backbone;
  const found = await fewAtOnce(rows, async ({ id, authority }) => {
    if (authority === 'administration') return [];
    signal.throwIfAborted();
    const given = await asOf(backbone, id, event);
    if (given === undefined || !isNew(governance, [before, state], [given, given])) return [];
    return [{ id, isNow: meeting(state, given, governance.services) === 'now' }];
  });
  return found.flat();
}

/**
 * What is told as it may be told: of what was passed on, whose authority it is learns what it entrusted itself. `undefined`:
 * none of it was passed on.
 */
export async function withinEntrusted(
  backbone: Backbone,
  told: Told,
  event: Recorded<DomainEvent>,
): Promise<Told | undefined> {
  const { authorization, passedOn } = told;
  if (authorization === undefined || passedOn === undefined) return told;
  const link = await asOf(backbone, passedOn, event);
  if (link === undefined) throw new Error(`${passedOn}, which was passed on, is not on record`);
  const { governance } = backbone;
  if (!isPassedOn(governance, link, authorization)) return undefined;
  return { ...told, authorization: entrusted(link, authorization, governance.services) };
}

/** As the fact found it: what was changed later is told by that change, and not by both. */
async function asOf(
  { commands }: Backbone,
  id: string,
  { position }: Recorded<DomainEvent>,
): Promise<RegisteredAuthorization | undefined> {
  const { history } = await commands.load(authorizationDecider, streamId('authorization', id));
  const state = history
    .filter((event) => event.position < position)
    .reduce((folded, each) => authorizationDecider.evolve(folded, each as never), authorizationDecider.initialState);
  return state.status === 'none' ? undefined : state;
}

type Governance = Pick<Backbone['governance'], 'services' | 'maxIntermediaries'>;
type Catalogue = Governance['services'];
type BeforeAndAfter = readonly [before: Authorization, after: RegisteredAuthorization];

/** Whether more of the link is passed on than before: one of the two is the same before and after. */
function isNew(
  governance: Governance,
  [linkBefore, link]: BeforeAndAfter,
  [givenBefore, given]: BeforeAndAfter,
): boolean {
  if (!isPassedOn(governance, link, given)) return false;
  if (linkBefore.status === 'none' || givenBefore.status === 'none') return true;
  return (
    !isPassedOn(governance, linkBefore, givenBefore) ||
    (linkBefore !== link && widens(governance.services, [linkBefore, link], given)) ||
    (givenBefore !== given && widens(governance.services, [givenBefore, given], link))
  );
}

/** By the rule of use, as far as it does not change by itself: who is in force now, and at which level, may. */
function isPassedOn(
  { services, maxIntermediaries }: Governance,
  link: RegisteredAuthorization,
  given: RegisteredAuthorization,
): boolean {
  const { validFrom, validUntil } = commonPeriod(link, given);
  // What is given to another intermediary takes one link more to whoever acts: nobody could use so long a chain (CHAIN-16).
  const intermediaries = 'party' in given.authorizedParty ? 2 : 1;
  return (
    intermediaries <= maxIntermediaries &&
    link.nature.rightOfSubstitution &&
    (given.onlyForClients?.includes(link.representedParty) ?? true) &&
    // What is limited to establishments of the intermediary can't be used in a chain (CHAIN-06).
    given.establishments === undefined &&
    validFrom < validUntil &&
    meeting(link, given, services) !== 'never'
  );
}

/** More can be done with it of what the other one covers: another service, or alone what took two before. */
const widens = (
  catalogue: Catalogue,
  [before, after]: readonly [RegisteredAuthorization, RegisteredAuthorization],
  other: Granted,
): boolean =>
  (after.nature.actsIndependently && !before.nature.actsIndependently) ||
  (!before.scope.all && (after.scope.all || meeting(added(before, after), other, catalogue) !== 'never'));

const added = ({ scope: before }: Granted, { scope, registeredAt }: Granted): Granted => ({
  registeredAt,
  scope: {
    all: false,
    services: scope.services.filter((service) => !before.services.includes(service)),
    // One that takes what joins it later is more than one that does not.
    groups: scope.groups.filter(
      ({ id, includesLaterServices }) =>
        !before.groups.some((group) => group.id === id && (group.includesLaterServices || !includesLaterServices)),
    ),
  },
});
