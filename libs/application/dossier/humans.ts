import { humanOf, type CheckFacts, type RecordedCheck } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { findPerson } from '../objects.js';

/** Members of a check that name a person, besides `about`. */
const PERSON_MEMBERS = ['grantor', 'declaredBy', 'confirmer', 'voucher', 'signer'] as const;

/** Which human each person on record is; a linked record stands for another one's (MEANS-ID2-ii.b). */
export type Humans = (person: string) => string;

/** Looks up the humans behind the named persons and behind everybody whom the checks name. */
export async function humansOf(
  backbone: Backbone,
  persons: readonly string[],
  checks: readonly RecordedCheck[],
): Promise<Humans> {
  const named = new Set([...persons, ...checks.flatMap(({ facts }) => personsIn(facts))]);
  const humans = new Map<string, string>();
  await Promise.all(
    [...named].map(async (person) => {
      const result = await findPerson(backbone, person, '');
      if ('found' in result) humans.set(person, humanOf(result.found));
    }),
  );
  return (person) => humans.get(person) ?? person;
}

function personsIn(facts: CheckFacts): readonly string[] {
  const members = facts as unknown as { readonly [member: string]: unknown };
  const { person } = facts.about as { readonly person?: string };
  return [person, ...PERSON_MEMBERS.map((member) => members[member])].filter(
    (id): id is string => typeof id === 'string',
  );
}

/** The same check, about humans instead of persons on record. */
export function aboutHumans(facts: CheckFacts, human: Humans): CheckFacts {
  const about = facts.about as { readonly person?: string };
  const members = facts as unknown as { readonly [member: string]: unknown };
  const others = PERSON_MEMBERS.flatMap((member) =>
    typeof members[member] === 'string' ? [[member, human(members[member])] as const] : [],
  );
  return {
    ...facts,
    ...(about.person === undefined ? {} : { about: { person: human(about.person) } }),
    ...Object.fromEntries(others),
  } as CheckFacts;
}
