import { item, list, tableOf } from './prose.js';
import {
  checkSchema,
  comparedOfParty,
  comparedOfPerson,
  DISTINCTIONS,
  LETTERS,
  PARTY_KINDS,
  shownOfParty,
  shownOfPerson,
} from '#libs/domain';

/** Every kind of check, with what it may be about. */
const checks = Object.entries(
  (checkSchema as unknown as { readonly $defs: { readonly [name: string]: CheckDefinition } }).$defs,
).filter(([, { properties }]) => properties?.['type']?.const !== undefined && properties['about'] !== undefined);

interface CheckDefinition {
  readonly properties?: { readonly [member: string]: { readonly const?: string } | undefined };
}

const codes = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ') || 'nothing';

const letters = Object.entries(LETTERS).reduce<ReadonlyMap<string, readonly string[]>>(
  (groups, [letter, written]) => new Map(groups).set(written, [...(groups.get(written) ?? []), letter]),
  new Map(),
);

const types = checks.map(([, { properties }]) => properties!['type']!.const!);
/** Of whatever kind the party is. */
const shownOfParties = (type: string): readonly string[] => [
  ...new Set(PARTY_KINDS.flatMap((kind) => shownOfParty(type, kind))),
];

/** Kinds of check with what each says of a person and of a party. */
const listOf = (
  kinds: readonly string[],
  ofPerson: (type: string) => readonly string[],
  ofParty: (type: string) => readonly string[],
): string =>
  list(
    kinds.map((type) => item(`\`${type}\`: of a person ${codes(ofPerson(type))}; of a party ${codes(ofParty(type))}`)),
  );

/** How persons are recognized and corrected, with the tables that the code goes by. */
export const personsPage = (): string => `# Persons: recognized, told apart, corrected

Generated from \`libs/domain/person\` and \`libs/domain/common/corrections.ts\`; a test fails when it is stale, and
\`npm run generate\` writes it anew. Why it is so:
[ADR 43](adr/0043-recognizing-a-person.md), [ADR 44](adr/0044-reservations-meet-appends.md),
[ADR 45](adr/0045-corrections-and-contacts.md).

## Who is recognized in whom (MEANS-ID2-ii.b)

Two records are a question for a clerk when they share one of these:

- the family name and the date of birth;
- the family name and the place of birth, while one of them has no date of birth (where both have one, it decides);
- an identity document: its type, its issuing state and its number. A document recorded before its state was asked may be
  of any state.

The later of both asks about the earlier one. It is \`unresolved\` until every record it asks about is answered: \`linked\`
(\`same: true\`), or \`none\` (\`same: false\` with \`distinguishedBy\`), or until a correction ends what was shared.

\`distinguishedBy\` names one or more of ${codes(DISTINCTIONS)}. Each has to be on record of both, and to differ (a
document: both have one, and they share none); else the answer is 409 \`not-distinguished\`. A correction of such an
attribute opens the question again where the records still share something.

## One form for all spellings

Names and places are compared and hashed in this form only; what is stored and shown is what was sent.

1. White space of any kind is one blank; apostrophes, quotation marks, primes and accents that stand alone are one
   apostrophe; dashes are one hyphen, without blanks around it.
2. Control and format characters, and whatever else is drawn as nothing, go.
3. Compatibility forms are taken apart (\`ﬁ\`, \`ĳ\`, letters of full width), and marks go.
4. Case is folded in full: \`ß\`, \`ẞ\` and \`ss\` are one. The dot in \`l·l\` goes.
5. Letters that Unicode does not take apart are written as in this table.

${tableOf(
  ['Written', 'Letters'],
  [...letters].map(([written, group]) => [written, group.join(' ')]),
)}
A document's number is compared in capitals, without blanks, dashes, dots, slashes and apostrophes.

## What a check shows of what is corrected (RIGHTS-06)

What was verified is verified again: each attribute that \`/corrections\` sets otherwise than it is on record needs a named
check of that application that shows it; else 409 \`correction-not-shown\`, with how each check stood in \`aspects\`. The
check says yes, is of now (TR-01), rests on no document that has expired, is reported or is another person's too, and no
later answer of the application takes it back. A kind that is not listed shows nothing.

Where somebody is reached is his own to say: whatever shows that it is he shows it. A look in the trade register shows name
and address as far as it agrees on them, and nothing where it does not agree on the number; a look-up counts in the register
of that kind of party. \`representationCheck\` is about the practitioner who is named, by name in the register of the
profession.

${listOf(
  types.filter((type) => shownOfPerson(type).length > 0 || shownOfParties(type).length > 0),
  shownOfPerson,
  shownOfParties,
)}
## What a check compared (PROOF-13)

After an attribute was corrected, a check made before that compared it, or identified by it, counts for no new dossier.
The earlier of \`performedAt\` and the moment of recording says when it was made. A kind of check that is not listed compared
everything.

${listOf(types, comparedOfPerson, comparedOfParty)}`;
