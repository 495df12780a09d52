import { isUuid } from '#libs/kernel';

/** Members that name a person by his id, in whatever is shown. */
const NAMING: ReadonlySet<string> = new Set([
  ...['person', 'persons', 'holder', 'authorizedPerson', 'legalRepresentative', 'statedBy', 'grantor', 'cosigners'],
  ...['declaredBy', 'confirmer', 'voucher', 'signer', 'handedBy', 'subject', 'subjects'],
]);

/** Ids of the persons that are named in what is shown, wherever in it, each once, in the order in which they stand there. */
export function personsIn(shown: unknown): readonly string[] {
  const found = new Set<string>();
  const walk = (value: unknown, member: string): void => {
    if (typeof value === 'string') {
      if (NAMING.has(member) && isUuid(value)) found.add(value);
    } else if (Array.isArray(value)) {
      for (const item of value) walk(item, member);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) walk(inner, name);
    }
  };
  walk(shown, '');
  return [...found];
}
