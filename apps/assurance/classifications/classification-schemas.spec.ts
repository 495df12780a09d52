import { describe, expect, it } from '@jest/globals';
import { classificationSchema, type RequestKind } from '#libs/scheme';
import { documented } from './classification-schemas.js';

const KINDS: readonly RequestKind[] = ['authorization', 'means', 'revocationDeadline', 'validity', 'evaluation'];

type Schema = { readonly [keyword: string]: unknown };
const schemaOf = (part: 'Request' | 'Result', kind = KINDS[0]!) =>
  documented(kind, part)['~standard'].jsonSchema.input() as Schema & {
    readonly $defs: Readonly<Record<string, Schema>>;
  };
const everySchema = (value: unknown): readonly Schema[] =>
  typeof value !== 'object' || value === null
    ? []
    : [...(Array.isArray(value) ? [] : [value as Schema]), ...Object.values(value).flatMap(everySchema)];

describe('the structures of the evaluations in the contract', () => {
  const { $defs } = schemaOf('Request');

  it('are all of the rule book’s but its problems, named in upper camel case', () => {
    const names = Object.keys($defs);
    expect(names).toHaveLength(Object.keys(classificationSchema.$defs).length - 1);
    expect(names).toContain('ClassificationEsignatureValidation');
    expect(names).not.toContain('ClassificationProblem');
    for (const name of names) expect(name).toMatch(/^Classification[A-Z][a-zA-Z0-9]*$/);
    for (const name of names) expect(name).not.toMatch(/[A-Z]{2}/);
  });

  it('refer to one another only, each reference to one that is there', () => {
    const references = everySchema($defs).flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      expect($defs).toHaveProperty([reference.slice('#/components/schemas/'.length)]);
    }
  });

  it('say it in the words of OpenAPI 3.0: no condition, no list of names, no null, and a type beside every enum', () => {
    for (const schema of everySchema($defs)) {
      for (const keyword of ['if', 'then', 'propertyNames']) {
        if (typeof schema[keyword] === 'object')
          throw new Error(`${keyword} in ${JSON.stringify(schema).slice(0, 200)}`);
      }
      expect(schema['type']).not.toBe('null');
      const values = schema['enum'];
      if (!Array.isArray(values)) continue;
      expect([values, typeof schema['type']]).toEqual([values, 'string']);
      expect([values, schema['nullable'] === true]).toEqual([values, values.includes(null)]);
    }
  });

  it('have in every result the version of the rules, and in no request', () => {
    for (const kind of KINDS) {
      const [request, result] = (['Request', 'Result'] as const).map((part) => {
        const { $ref } = schemaOf(part, kind);
        return $defs[String($ref).slice('#/components/schemas/'.length)]!;
      });
      expect(request!['properties']).not.toHaveProperty('ruleSet');
      expect(result!['properties']).toHaveProperty('ruleSet');
      expect(result!['required']).toContain('ruleSet');
    }
  });
});
