import {
  allRows,
  authorizationsProjection,
  fewAtOnce,
  placesOf,
  proveViewer,
  recordRefusal,
  viewedRow,
  whereSeen,
  whereStanding,
  type AuthorizationRow,
  type Backbone,
  type DecisionIndex,
  type RequestContext,
} from '#libs/application';
import { isRefusal } from '#libs/composition';
import { sightOfAuthorization } from '#libs/domain';
import type { AccessSearch } from './access-search.js';

const POINTERS = { person: '/context/viewer/person', authentication: '/context/viewer/authentication' };

/** Pseudonym of a means → ids of the authorizations by which the viewer sees who acts with it; in the order of pseudonyms. */
export type VisibleSubjects = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The means by which people act for the organization, as far as the viewer sees who they are. Only by the authorizations
 * that he sees may anything be said of them: a chain has a link that is not the organization's, and is none of these.
 * Nobody where he is not shown: what is wrong with his login is on record (ADR 0127).
 */
export async function visibleSubjects(
  backbone: Backbone,
  index: DecisionIndex,
  reader: RequestContext,
  { request: { resource }, viewer: named }: AccessSearch,
): Promise<VisibleSubjects> {
  const party = resource.type === 'organization' ? index.party(resource.id)?.party : undefined;
  if (named === undefined || party === undefined) return new Map();
  const proven = await proveViewer(backbone, named, POINTERS);
  if ('faults' in proven) {
    if (isRefusal(proven.faults)) {
      const checks = [named.authentication];
      await recordRefusal(backbone, reader, { command: 'View', object: 'subjects', checks, codes: proven.faults });
    }
    return new Map();
  }
  const { viewer } = proven;
  const places = placesOf(backbone, viewer);
  await places.know([party]);
  const sources = whereSeen(viewer, places.at, { consumers: [party], intermediaries: [], least: 'indication' });
  const found = await fewAtOnce(sources, (where) =>
    allRows<AuthorizationRow>(backbone.readModels.store, authorizationsProjection, [
      { column: 'representedParty', is: 'equal', value: party },
      ...whereStanding('active', viewer.at),
      ...where,
    ]),
  );
  const seen = new Map<string, Set<string>>();
  for (const row of found.flat()) {
    if (row.pseudonym === null) continue;
    const sight = sightOfAuthorization(viewer, viewedRow(row, viewer.at), places.at);
    if (sight !== 'whole' && sight !== 'indication') continue;
    const ids = seen.get(row.pseudonym);
    if (ids === undefined) seen.set(row.pseudonym, new Set([row.id]));
    else ids.add(row.id);
  }
  return new Map([...seen].sort(([one], [other]) => (one < other ? -1 : 1)));
}
