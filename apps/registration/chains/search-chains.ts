import { epochOf, type AuthorizationId, type Instant, type PartyId } from '#libs/kernel';
import type { Condition } from '#libs/eventing';
import {
  authorizationsProjection,
  fewAtOnce,
  findAuthorization,
  findParty,
  partyIdOf,
  timedLevelPolicy,
  viewedRow,
  whereSeen,
  whereStanding,
  type AuthorizationRow,
  type Backbone,
  type Service,
} from '#libs/application';
import { viewedPage, type Viewing } from '#libs/composition';
import { organizationId, sightOfAuthorization } from '#libs/domain';
import type { PageAnswer } from '#libs/platform';
import { evaluateUseAt, timedService, type TimedLink, type TimedService, type UseQuestion } from '#libs/scheme';
import type { SearchChainsRequest } from './chains.request.js';

/** A link to an intermediary: no more than it takes to verify it (MIN-01). */
export interface FoundLink {
  readonly representedParty: string;
  readonly authorization: string;
  readonly register: string;
  readonly nextLinkRegister: string;
}

type Asked = Omit<SearchChainsRequest, 'service' | 'viewer'> & { readonly service: Service };

/**
 * The links to the intermediary by which a use at the service can be a yes, newest first. Without a viewer nobody knows
 * before whom the answer comes: an entity of the TRR is in none then, and with one where he sees it (REST-04).
 */
export async function searchChains(
  backbone: Backbone,
  { intermediary, service, limit, cursor, after }: Asked,
  viewing: Viewing | undefined,
): Promise<PageAnswer<FoundLink>> {
  const party = await partyOf(backbone, intermediary);
  const seen = viewing === undefined ? [[]] : await whereHeSees(viewing, party);
  const viewer = viewing === undefined ? {} : { viewer: { ...viewing.viewer.named } };
  const list = {
    name: 'chains',
    filter: { intermediary, service: service.id, ...viewer },
    page: { limit, cursor, after },
    sources: (at: Instant) =>
      takesChains(service, at) ? seen.map((where) => [...whereLinks(party, at), ...where]) : [],
  };
  const answer = await viewedPage(backbone, authorizationsProjection, list, (rows, at) =>
    linksOf(backbone, { service, viewing, at }, rows),
  );
  const shown = answer.items.map(({ authorization }) => authorization);
  await viewing?.record({ authorizedParty: party, service: service.id }, shown, []);
  return answer;
}

/** All of it: that the service is within its scope, and where the next link is, are details. */
async function whereHeSees({ viewer, places }: Viewing, intermediary: PartyId): Promise<ReturnType<typeof whereSeen>> {
  const consumers = await places.mine();
  await places.know([...consumers, intermediary]);
  return whereSeen(viewer, places.at, { consumers, intermediaries: [intermediary], least: 'whole' });
}

/** That of a party which nobody registered has no links. */
function partyOf(backbone: Backbone, organization: string): Promise<PartyId> {
  const [register, ...number] = organization.split(':');
  return partyIdOf(backbone, register!, number.join(':'));
}

const takesChains = ({ chainSupported, withdrawnFrom }: Service, at: Instant): boolean =>
  chainSupported && (withdrawnFrom === undefined || withdrawnFrom > at);

/** An administrator's authority is used at the register, not at a service. */
const whereLinks = (intermediary: PartyId, at: Instant): readonly Condition[] => [
  { column: 'authorizedParty', is: 'equal', value: intermediary },
  { column: 'authority', is: 'equal', value: 'regular' },
  ...whereStanding('active', at),
];

interface Searched {
  readonly service: Service;
  readonly viewing: Viewing | undefined;
  readonly at: Instant;
}

/** Of each row the link, where use admits it, and nothing of one that whoever asks may not see. */
async function linksOf(
  backbone: Backbone,
  { service, viewing, at }: Searched,
  rows: readonly AuthorizationRow[],
): Promise<readonly (FoundLink | null | undefined)[]> {
  const judge = judgeOf(backbone, service, at);
  await viewing?.places.know(rows.flatMap((row) => [row.representedParty, row.authorizedParty]));
  return fewAtOnce(rows, async (row) => {
    if (viewing !== undefined && !isSeen(viewing, row)) return undefined;
    const party = await findParty(backbone, row.representedParty, '');
    if (!('found' in party)) return undefined;
    const isRestGroup = party.found.register === 'trr';
    if (isRestGroup && viewing === undefined) return undefined;
    // Most are told by what the list has; of the others the rest is read, which only ever refuses more.
    if (!judge(linkIn(row), isRestGroup)) return null;
    const authorization = await findAuthorization(backbone, row.id as AuthorizationId, '');
    if (!('found' in authorization)) return undefined;
    const { forThirdParties, nextLinkRegister } = authorization.found;
    if (!judge({ ...linkIn(row), forThirdParties }, isRestGroup)) return null;
    const { oin } = backbone.participant;
    return {
      representedParty: organizationId(party.found),
      authorization: row.id,
      register: oin,
      nextLinkRegister: nextLinkRegister ?? oin,
    };
  });
}

/** As `whereHeSees` says it to the store; of an entity of the TRR it can't. */
const isSeen = ({ viewer, places }: Viewing, row: AuthorizationRow): boolean =>
  sightOfAuthorization(viewer, viewedRow(row, viewer.at), places.at) === 'whole';

/** The link of evaluation 5, as far as the list has it. */
const linkIn = (row: AuthorizationRow): TimedLink => ({
  representedParty: row.representedParty,
  authorizedParty: row.authorizedParty!,
  m: row.m as TimedLink['m'],
  ...(row.submitterLevel === null ? {} : { submitterLevel: row.submitterLevel }),
  // As it stood at the moment of the list, which is what it was searched by.
  status: 'active',
  registeredAt: epochOf(row.registeredAt),
  validFrom: epochOf(row.validFrom),
  validUntil: epochOf(row.validUntil),
  scope: row.scope,
  ...(row.establishments === null ? {} : { establishments: row.establishments }),
  rightOfSubstitution: row.nature.rightOfSubstitution,
  actsIndependently: row.nature.actsIndependently,
});

/** What an own person of the intermediary may have at each level: the M of his authorization, the STORK level of his means. */
const PERSONS = ([4, 3, 2] as const).flatMap((m) => ([4, 3, 2] as const).map((stork) => ({ m, stork })));
const ANYBODY = 'anybody';

/**
 * Whether evaluation 5 can say yes to a chain over the link: by a person of the intermediary who has all that use asks of
 * him, for an establishment that the link is for.
 */
function judgeOf(backbone: Backbone, entry: Service, at: Instant): (link: TimedLink, isRestGroup: boolean) => boolean {
  const service: TimedService = timedService(entry);
  const levelPolicy = timedLevelPolicy(backbone.governance);
  const now = epochOf(at);
  return (link, isRestGroup) => {
    const [establishment] = link.establishments ?? [];
    const question = ({ m, stork }: (typeof PERSONS)[number]): UseQuestion => ({
      at: now,
      requestedLevel: 'EH1',
      singleSignOn: false,
      representedParty: { id: link.representedParty, restGroup: isRestGroup },
      ...(establishment === undefined ? {} : { establishment }),
      service,
      // For every service, and with two factors: what is asked of a means refuses none that has it all.
      means: { holder: ANYBODY, status: 'active', stork, factors: 2 },
      links: [link, { ...OWN, representedParty: link.authorizedParty, m }],
      levelPolicy,
      maxIntermediaries: backbone.governance.maxIntermediaries,
    });
    return PERSONS.some((person) => evaluateUseAt(question(person), backbone.rules).decision);
  };
}

/** The authorization of an own person of an intermediary: for everything, always. */
const OWN = {
  authorizedParty: ANYBODY,
  status: 'active',
  registeredAt: 0,
  validFrom: 0,
  validUntil: Infinity,
  scope: { all: true },
  rightOfSubstitution: false,
  actsIndependently: true,
} as const satisfies Partial<TimedLink>;
