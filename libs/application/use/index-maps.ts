import { timedLink } from '#libs/scheme';
import type { AuthorizationEntry, DecisionIndexRow, MeansEntry, PartyEntry } from './decision-index.projection.js';
import type { DecisionIndex, IndexedLink, IndexedMeans, IndexedParty, Path } from './decision-index.js';

/** The rows of the projection in memory, and what they are looked up by. */
export interface IndexMaps extends DecisionIndex {
  row(key: string): DecisionIndexRow | undefined;
  put(row: DecisionIndexRow): void;
}

/** Means whose represented parties are kept in order. */
const MOST_IN_ORDER = 1_000;

/** Authorized party, then represented party → authorizations between them, oldest first. */
type Links = Map<string, Map<string, Map<string, IndexedLink>>>;

/**
 * Plain maps. Intermediaries are followed from the organization on, because an organization authorizes few of them while
 * an intermediary has many clients; the last step is a look-up of what the holder himself was given.
 */
export function indexMaps(): IndexMaps {
  const rows = new Map<string, DecisionIndexRow>();
  const means = new Map<string, IndexedMeans>();
  /** Of holders with several means: the pseudonyms of all of them. Most have one, and take no place here. */
  const several = new Map<string, string[]>();
  /** Holder → the first of his means that came by. */
  const firstOf = new Map<string, string>();
  const parties = new Map<string, IndexedParty>();
  const organizations = new Map<string, IndexedParty>();
  /** Pseudonym → represented party → links. */
  const toPersons: Links = new Map();
  /** Represented party → intermediary → links. */
  const toParties: Links = new Map();
  /** Intermediary → whom he may represent, for the way back. */
  const clients = new Map<string, Set<string>>();
  /** Pseudonym → intermediaries → whom the means may represent, in order: the pages of a search ask for it again and again. */
  const inOrder = new Map<string, Map<number, readonly string[]>>();

  const putLink = (position: bigint, entry: AuthorizationEntry): void => {
    // An administrator's authority is used at the register, not at a service.
    if (entry.authority === 'administration') return;
    const { representedParty, authorizedParty } = entry.link;
    if (entry.toPerson) inOrder.delete(authorizedParty);
    else inOrder.clear();
    const between = entry.toPerson
      ? nested(nested(toPersons, authorizedParty), representedParty)
      : nested(nested(toParties, representedParty), authorizedParty);
    if (!entry.toPerson) {
      const known = clients.get(authorizedParty);
      if (known === undefined) clients.set(authorizedParty, new Set([representedParty]));
      else known.add(representedParty);
    }
    between.set(entry.authorization, {
      authorization: entry.authorization,
      position,
      link: timedLink(entry.link),
    });
  };

  const putMeans = (entry: IndexedMeans): void => {
    const { holder, pseudonym } = entry;
    if (!means.has(pseudonym)) {
      const first = firstOf.get(holder);
      if (first === undefined) firstOf.set(holder, pseudonym);
      else several.set(holder, [...(several.get(holder) ?? [first]), pseudonym]);
    }
    means.set(pseudonym, entry);
  };

  return {
    means: (pseudonym) => means.get(pseudonym),
    otherMeans: ({ holder, pseudonym }) =>
      (several.get(holder) ?? []).filter((one) => one !== pseudonym).map((one) => means.get(one)!),
    party: (organization) => organizations.get(organization),
    partyById: (party) => parties.get(party),
    row: (key) => rows.get(key),

    put(row) {
      rows.set(row.id, row);
      switch (row.kind) {
        case 'means':
          putMeans({ ...(row.content as MeansEntry), position: row.position });
          break;
        case 'party': {
          const entry: IndexedParty = { ...(row.content as PartyEntry), position: row.position };
          parties.set(entry.party, entry);
          organizations.set(entry.organization, entry);
          break;
        }
        case 'authorization':
          putLink(row.position, row.content as AuthorizationEntry);
          break;
      }
    },

    paths(party, pseudonym, intermediaries) {
      const own = toPersons.get(pseudonym);
      if (own === undefined) return [];
      const found: Path[] = [];
      const follow = (from: string, before: readonly IndexedLink[], passed: ReadonlySet<string>): void => {
        for (const last of own.get(from)?.values() ?? []) found.push([...before, last] as unknown as Path);
        if (before.length >= intermediaries) return;
        for (const [intermediary, links] of toParties.get(from) ?? []) {
          if (passed.has(intermediary)) continue;
          for (const link of links.values())
            follow(intermediary, [...before, link], new Set([...passed, intermediary]));
        }
      };
      follow(party, [], new Set([party]));
      return found;
    },

    represented(pseudonym, intermediaries) {
      const known = inOrder.get(pseudonym)?.get(intermediaries);
      if (known !== undefined) return known;
      const found = new Set(toPersons.get(pseudonym)?.keys());
      let reached: readonly string[] = [...found];
      for (let step = 0; step < intermediaries && reached.length > 0; step++) {
        const further = reached
          .flatMap((party) => [...(clients.get(party) ?? [])])
          .filter((party) => !found.has(party));
        for (const party of further) found.add(party);
        reached = further;
      }
      const sorted = [...found].sort();
      if (inOrder.size >= MOST_IN_ORDER) inOrder.clear();
      nested(inOrder, pseudonym).set(intermediaries, sorted);
      return sorted;
    },
  };
}

function nested<Key, Inner, Value>(map: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> {
  let inner = map.get(key);
  if (inner === undefined) map.set(key, (inner = new Map()));
  return inner;
}
