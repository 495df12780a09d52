import type { CheckFacts } from '#libs/domain';
import type { EarningRow } from '../dossier/earning-rows.js';
import type { Roles } from '../dossier/translate-check.js';

/** Parts in a dossier, as the rule book names them. */
type Part = 'representedParty' | 'submitter' | 'legalRepresentative' | 'authorizedParty';

/**
 * Whether a check is of somebody by whose checks a row of an authorization is earned: the submitter's document earns no row
 * of the person who is authorized. `roles` and `facts` name people in the same way.
 */
export function earnsFor({ aspect, checks }: EarningRow, facts: CheckFacts, roles: Roles): boolean {
  const parts = partsOf(facts, roles);
  // Of the intake as a whole, or of a means.
  if (parts === undefined) return true;
  // Who confirms, declares or cosigns has no part of his own, and speaks for the association (PROOF-02).
  if (parts.length === 0) return aspect === 'IV';
  const isOfParty = facts.type === 'identityAttributesRecorded' && 'party' in facts.about;
  const submitting: readonly Part[] = ['submitter', 'legalRepresentative', 'representedParty'];
  const wanted = (): readonly Part[] => {
    switch (aspect) {
      case 'IA':
        return ['representedParty'];
      case 'IR':
        return ['authorizedParty'];
      case 'IG':
        // Whoever vouches is first scored as submitter.
        return checks.includes('vouching') ? ['authorizedParty', ...submitting] : ['authorizedParty'];
      case 'IO':
        // The attributes of the organization say something of the submitter only where it signed itself (IO2-c-pki).
        return isOfParty && !checks.includes('tradeRegisterLookup') ? [] : submitting;
      default:
        return isOfParty ? [] : submitting;
    }
  };
  return wanted().some((part) => parts.includes(part));
}

/** The parts that whoever a check is about plays, several where one human plays several; `undefined`: it is about nobody. */
function partsOf({ about }: CheckFacts, roles: Roles): readonly Part[] | undefined {
  const { person, party }: { readonly [kind: string]: string | undefined } = about;
  const players: readonly (readonly [Part, string | undefined])[] =
    person !== undefined
      ? [
          ['submitter', roles.submitter],
          ['legalRepresentative', roles.legalRepresentative],
          ['authorizedParty', roles.authorizedPerson],
        ]
      : [
          ['representedParty', roles.representedParty],
          ['authorizedParty', roles.authorizedParty],
        ];
  const subject = person ?? party;
  return subject === undefined ? undefined : players.flatMap(([part, id]) => (id === subject ? [part] : []));
}
