import { describe, expect, it } from '@jest/globals';
import { getMetadataStorage } from 'class-validator';
import { suiteModules } from '#apps/suite';
import { contractsOf, everyProblem } from '#libs/composition';
import { checkSchema } from '#libs/domain';
import { faultsOfSchema, PHRASES, problemCatalogue, type Contracts } from '#libs/platform';
import type { Words } from '#libs/kernel';
import { currentRuleSet } from '#libs/scheme';

/* Everything that a problem says is there in both languages (ADR 83). */

/** Words of English that are none of Dutch. */
const ENGLISH =
  /\b(the|must|not|and|or|have|has|been|which|known|than|such|should|cannot|can|this|with|without|nothing|only|one|are|its|required|allowed|missing|other|member|body|request|means|check|party|person|by|from|to)\b/i;
/** What is quoted is the contract's, and the same in both. */
const QUOTED = /`[^`]*`|\b[a-z]+[A-Z]\w*|\bapplication\/json\b|\breported: false\b/g;
/** What it may be, at the end: words of the contract. */
const LISTED = /: [\w+, ]+$/;
/** Names of members that are words of English. */
const NAMES = /\b(names|person|means|party|authorization|from|all|services|groups|after)\b/g;

const isDutch = ({ en, nl }: Words): boolean => {
  const said = nl.replace(LISTED, '').replaceAll(QUOTED, '').replaceAll(NAMES, '');
  return nl !== en && nl !== '' && !ENGLISH.test(said);
};
/** Bounds, levels, rules and names that a text holds. */
const quoted = (text: string): readonly string[] =>
  [...text.matchAll(/`[^`]*`|\b\d[\d:TZ.-]*\d\b|\bEH\d\+?|\b[A-Z]{2,}-\d+/g)].map(([one]) => one).sort();

const catalogue = problemCatalogue(...everyProblem);

describe('a code', () => {
  it.each(catalogue.codes().map((code) => [code, catalogue.find(code)!] as const))(
    '%s has title and meaning in both languages, which quote the same',
    (_code, { en, nl, meaning }) => {
      expect([isDutch({ en, nl }), isDutch(meaning)]).toEqual([true, true]);
      expect(quoted(meaning.nl.replaceAll('1.000', '1,000'))).toEqual(quoted(meaning.en));
    },
  );

  it('of every operation of the contract is one of them', async () => {
    const contracts = await contractsOf(suiteModules, 'https://register.example');
    const codes = codesOf(contracts);
    expect(codes.size).toBeGreaterThan(100);
    expect([...codes].filter((code) => catalogue.find(code) === undefined)).toEqual([]);
  });
});

function codesOf({ v1, access }: Contracts): ReadonlySet<string> {
  const operations = [v1, access].flatMap(({ paths }) => Object.values(paths).flatMap((path) => Object.values(path)));
  return new Set(
    operations.flatMap(({ responses }) =>
      Object.values(responses).flatMap((answer) => (answer['x-problem-codes'] ?? []) as readonly string[]),
    ),
  );
}

describe('a meaning', () => {
  it.each([
    ['unknown-product', '/means-products'],
    ['unknown-service', '/services'],
  ])('of %s names the list to look in', async (code, path) => {
    expect(catalogue.find(code)!.meaning.en).toContain(`\`GET /v1${path}\``);
    const { v1 } = await contractsOf(suiteModules, 'https://register.example');
    expect(Object.keys(v1.paths[path]!)).toEqual(['get']);
  });

  it('of requester-not-identified names what the rule book asks (REV-05)', () => {
    const { meaning } = catalogue.find('requester-not-identified')!;
    const least = Object.entries(currentRuleSet.revocation.minimumIo);
    const levels = (score: number) =>
      least
        .filter(([, io]) => io === score)
        .map(([level]) => level)
        .join(' and ');
    expect(meaning.en).toContain(`IO2 at ${levels(2)}, IO3 at ${levels(3)}.`);
  });
});

/** What a phrase is made of, by what it takes. */
const PARTS: { readonly [Phrase in keyof typeof PHRASES]?: Parameters<(typeof PHRASES)[Phrase]> } = {
  atLeast: [2],
  atMost: [50],
  whole: [1, 100],
  choice: [['EH1', 'EH2+']],
  birthDate: [130],
  form: [{ en: '8 digits', nl: '8 cijfers' }],
  visibleText: [500],
  each: ['services', { en: 'must be a UUID', nl: 'moet een UUID zijn' }],
  exactlyOne: [['means', 'assertion']],
  atLeastOne: [['means', 'assertion']],
  tooManyValues: [20_000],
  tooDeep: [64],
  scope: ['intake'],
  scopeNeeded: ['intake'],
  oneScopeNeeded: [['intake', 'audit']],
  fileTypes: [['image/png', 'image/jpeg']],
  fileTooLarge: [10_485_760],
};

describe('a phrase', () => {
  it.each(Object.keys(PHRASES) as readonly (keyof typeof PHRASES)[])(
    '%s says in Dutch what it says in English',
    (name) => {
      const parts = PARTS[name] ?? [];
      expect(parts).toHaveLength(PHRASES[name].length);
      const words = (PHRASES[name] as (...given: readonly unknown[]) => Words)(...parts);
      expect([words.nl, isDutch(words)]).toEqual([words.nl, true]);
      expect(quoted(words.nl)).toEqual(quoted(words.en));
      for (const one of parts.flat()) if (typeof one !== 'object') expect(words.nl).toContain(String(one));
    },
  );
});

describe('a member of a request', () => {
  it('says in both languages what each of its constraints asks', () => {
    const storage = getMetadataStorage() as unknown as {
      readonly validationMetadatas: ReadonlyMap<unknown, readonly Constraint[]>;
    };
    const constraints = [...storage.validationMetadatas.values()].flat();
    expect(constraints.length).toBeGreaterThan(300);
    // Whether a member is looked at, and into, says nothing by itself.
    const speaking = constraints.filter(({ type }) => type === 'customValidation');
    const silent = speaking.filter(({ context }) => context?.words === undefined || !isDutch(context.words));
    expect(silent.map(({ propertyName, context }) => [propertyName, context?.words])).toEqual([]);
  });
});

interface Constraint {
  readonly type: string;
  readonly propertyName: string;
  readonly context?: { readonly words?: Words };
}

describe('a keyword of the schema of checks', () => {
  const used = new Set<string>();
  const look = (value: unknown, isSchema = true): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [keyword, part] of Object.entries(value)) {
      if (isSchema && !Array.isArray(value)) used.add(keyword);
      look(part, !(isSchema && ['properties', '$defs'].includes(keyword)));
    }
  };
  look(checkSchema);
  const asking = ['type', 'const', 'format', 'pattern'].concat(
    ['Length', 'Items', 'Properties'].flatMap((what) => [`min${what}`, `max${what}`]),
    ['uniqueItems', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  );

  it.each([...used].filter((keyword) => asking.includes(keyword)))('has words of its own: %s', (keyword) => {
    const params = { type: 'string', limit: 7, format: 'date', pattern: 'x', allowedValue: 'x' };
    const [fault] = faultsOfSchema([{ instancePath: '/a', keyword, params }]);
    expect(fault!.detail).not.toEqual(PHRASES.notAllowed());
    expect([fault!.detail!.nl, isDutch(fault!.detail!)]).toEqual([fault!.detail!.nl, true]);
  });
});
