import { isUuid } from '#libs/kernel';
import { NAMING } from '../retention/ties.js';

/** Members that name a person by his id, in whatever is shown: those of facts and checks, and those of lists and answers. */
const OF_PERSONS: ReadonlySet<string> = new Set([
  ...Object.keys(NAMING).filter((member) => NAMING[member] === 'person'),
  // Who is taken for whom, and which records somebody has.
  ...['of', 'from', 'duplicateOf', 'duplicatesOf', 'records'],
  ...['persons', 'authorizedPerson', 'subjects'],
]);

/** Ids of the persons that are named in what is shown, wherever in it, each once, in the order in which they stand there. */
export function personsIn(shown: unknown): readonly string[] {
  const found = new Set<string>();
  const walk = (value: unknown, member: string): void => {
    if (typeof value === 'string') {
      if (OF_PERSONS.has(member) && isUuid(value)) found.add(value);
    } else if (Array.isArray(value)) {
      for (const item of value) walk(item, member);
    } else if (typeof value === 'object' && value !== null) {
      // Whoever may be one of several kinds stands with his kind: an addressee, a party to a chain.
      if ('kind' in value && value.kind === 'person' && 'id' in value) walk(value.id, 'person');
      for (const [name, inner] of Object.entries(value)) walk(inner, name);
    }
  };
  walk(shown, '');
  return [...found];
}
