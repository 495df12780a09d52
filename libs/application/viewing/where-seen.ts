import type { Condition } from '#libs/eventing';
import { managesAll, type PlaceAtParty, type Sight } from '#libs/domain';
import { atLeast, EH_LEVELS, ehOfM, type EhLevel } from '#libs/scheme';
import { whereStanding } from '../read-models/authorizations.js';
import type { Viewer } from './viewer.js';

/** Among what a viewer looks. */
export interface LookedFor {
  /** Organizations that are represented, and those that are authorized; of each his place is known. */
  readonly consumers: readonly string[];
  readonly intermediaries: readonly string[];
  /** What he sees less of than this is not looked for. */
  readonly least: Sight;
}

type Where = readonly Condition[];

/**
 * Conditions of which each names some of the authorizations that the viewer sees at least so, all together every one; what
 * `sightOfAuthorization` says of a row, said to a store. The two change together. What he does not see is not named
 * either, as far as a store can tell: neither the work of a page nor its time is to grow with what is hidden from him.
 */
export function whereSeen(
  viewer: Viewer,
  placeAt: (party: string) => PlaceAtParty,
  { consumers, intermediaries, least }: LookedFor,
): readonly Where[] {
  const of = (column: string, values: readonly string[], ways: readonly Where[]): readonly Where[] =>
    values.length === 0 ? [] : ways.map((where) => [{ column, is: 'one-of', values }, ...where]);
  const shown = shownAt(viewer.level);
  const managed = least === 'existence' ? [[]] : shown;

  const whole = consumers.filter((party) => managesAll(placeAt(party)));
  const limited = limitedTo(
    consumers.filter((party) => !whole.includes(party)),
    placeAt,
  );
  const open = consumers.filter((party) => {
    const { isAuthorized, hasAdministrator, isRestGroup } = placeAt(party);
    return isAuthorized && !hasAdministrator && !isRestGroup;
  });
  // People, and no intermediaries: of those the column is null.
  const ofPeople: Where = [
    ...whereStanding('active', viewer.at),
    { column: 'authorizedPerson', is: 'from', value: '' },
    { column: 'displayPermitted', is: 'equal', value: true },
  ];
  return [
    ...of('authorizedPerson', [...viewer.records], shown),
    ...of('representedParty', whole, managed),
    ...limited.flatMap(({ parties, establishments }) => {
      const within: Condition = { column: 'establishments', is: 'within', values: establishments };
      return of(
        'representedParty',
        parties,
        managed.map((where) => [within, ...where]),
      );
    }),
    ...of(
      'authorizedParty',
      intermediaries.filter((party) => managesAll(placeAt(party))),
      shown,
    ),
    ...of(
      'representedParty',
      least === 'whole' ? [] : open,
      shown.map((where) => [...ofPeople, ...where]),
    ),
  ];
}

interface Limited {
  readonly parties: readonly string[];
  readonly establishments: readonly string[];
}

/** Where he manages some establishments only: of each authority by itself, since what lies across two of his is not his. */
function limitedTo(parties: readonly string[], placeAt: (party: string) => PlaceAtParty): readonly Limited[] {
  const limits = new Map<string, Limited & { readonly parties: string[] }>();
  for (const party of parties) {
    for (const his of placeAt(party).manages) {
      const establishments = [...(his ?? [])].sort();
      const key = establishments.join(' ');
      const known = limits.get(key);
      if (known === undefined) limits.set(key, { parties: [party], establishments });
      else known.parties.push(party);
    }
  }
  return [...limits.values()];
}

/** What is of no higher level than this (RIGHTS-07): as decided, or what its M carries (`registeredLevel`). */
function shownAt(level: EhLevel): readonly Where[] {
  const levels = EH_LEVELS.filter((one) => atLeast(level, one));
  if (levels.length === EH_LEVELS.length) return [[]];
  const above = [1, 2, 3, 4].find((m) => !atLeast(level, ehOfM(m)))!;
  return [[{ column: 'eh', is: 'one-of', values: levels }], [{ column: 'm', is: 'before', value: above }]];
}
