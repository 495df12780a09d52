import { beforeAll, describe, expect, it } from '@jest/globals';
import { suiteModules } from '#apps/suite';
import { contractsOf } from '#libs/composition';
import { CHECK_TYPES } from '#libs/domain';
import { type Contract, type Contracts, type Schema } from '#libs/platform';
import { schemasIn, type Placed } from './documents.js';

/*
 * What makes the contract one that generators of clients take: each property is looked for in every schema and every
 * operation of both documents, so that a member added tomorrow has it as well.
 */

type Which = keyof Contracts;
const WHICH: readonly Which[] = ['v1', 'access'];

let contracts: Contracts;
beforeAll(async () => {
  contracts = await contractsOf(suiteModules, 'https://register.example');
});

const componentsOf = (which: Which) => contracts[which].components.schemas;
const operationsOf = (which: Which) =>
  Object.entries(contracts[which].paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  );

/** Every schema of a document: of its components, of parameters, headers and bodies. */
const allSchemas = (which: Which): readonly Placed[] => [
  ...Object.entries(componentsOf(which)).flatMap(([name, schema]) => schemasIn(schema, name)),
  ...operationsOf(which).flatMap(({ name, operation }) => inside(operation, name)),
];

function inside(value: unknown, at: string): readonly Placed[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]): readonly Placed[] => {
    if (name === 'schema') return schemasIn(part as Schema, `${at}/schema`);
    return name === 'examples' ? [] : inside(part, `${at}/${name}`);
  });
}

const where = (placed: readonly Placed[]): readonly string[] => placed.map(({ at }) => at);
const target = (which: Which, { $ref }: Schema): Schema =>
  componentsOf(which)[(($ref ?? '') as string).split('/').at(-1)!] ?? {};
const typesOf = ({ type }: Schema): readonly unknown[] => [type].flat();

/** Where the product does not know the members: AuthZEN lets a subject have any. */
const ANYTHING: readonly string[] = ['AccessSubject/properties/properties', 'AuditedReading/properties/question'];

describe.each(WHICH)('the schemas of %s', (which) => {
  const found = (wrong: (schema: Schema, at: string) => boolean): readonly string[] =>
    where(allSchemas(which).filter(({ schema, at }) => wrong(schema, at)));

  it('have no bare object: its members are known, or what its values are', () => {
    const bare = found(
      (schema, at) =>
        typesOf(schema).includes('object') &&
        schema['properties'] === undefined &&
        typeof schema['additionalProperties'] !== 'object' &&
        !ANYTHING.includes(at),
    );
    expect(bare).toEqual([]);
  });

  it('say of each what it is: a type, a reference, or alternatives', () => {
    const nothing = found(
      ({ type, $ref, oneOf, anyOf }) =>
        type === undefined && $ref === undefined && oneOf === undefined && anyOf === undefined,
    );
    expect(nothing).toEqual([]);
  });

  it('have no defaults: a request has what was sent', () => {
    expect(found((schema) => 'default' in schema)).toEqual([]);
  });

  it('have no pattern beside a format, no additionalProperties beside a list', () => {
    expect(found((schema) => 'pattern' in schema && 'format' in schema)).toEqual([]);
    expect(found((schema) => typesOf(schema).includes('array') && 'additionalProperties' in schema)).toEqual([]);
  });

  it('have no member for a BSN or a nationality (MIN-04)', () => {
    const forbidden = /bsn|burgerservice|citizenService|nationalit/i;
    const members = allSchemas(which).flatMap(({ schema }) => Object.keys((schema['properties'] ?? {}) as object));
    expect(members.length).toBeGreaterThan(20);
    expect(members.filter((name) => forbidden.test(name))).toEqual([]);
    for (const name of ['bsn', 'holderBsn', 'citizenServiceNumber', 'nationality']) expect(name).toMatch(forbidden);
  });

  it('use formats that every reader knows', () => {
    const known: readonly unknown[] = [undefined, 'uuid', 'date', 'date-time', 'uri'];
    expect(found(({ format }) => !known.includes(format))).toEqual([]);
  });

  it('have whole numbers only', () => {
    expect(found((schema) => typesOf(schema).includes('number'))).toEqual([]);
  });

  it('say that a value may be null as OpenAPI 3.1 does, and in one way', () => {
    expect(found((schema) => 'nullable' in schema)).toEqual([]);
    const isNull = (one: Schema): boolean => one['type'] === 'null';
    expect(found(({ oneOf }) => Array.isArray(oneOf) && (oneOf as Schema[]).some(isNull))).toEqual([]);
    // A reference has no type to add null to: it, or null.
    const odd = found(
      ({ anyOf }) => Array.isArray(anyOf) && !(anyOf.length === 2 && '$ref' in anyOf[0] && isNull(anyOf[1] as Schema)),
    );
    expect(odd).toEqual([]);
  });

  it('have each list of words once, by its name', () => {
    const words = (list: unknown): boolean => Array.isArray(list) && list.length > 1 && typeof list[0] === 'string';
    const lists = allSchemas(which).filter(({ schema }) => words(schema['enum']));
    expect(where(lists).filter((at) => at.includes('/'))).toEqual([]);
    const contents = lists.map(({ schema }) => [...(schema['enum'] as string[])].sort().join());
    expect(new Set(contents).size).toBe(contents.length);
  });

  it('name the values of a list that generators would give one name', () => {
    for (const { schema, at } of allSchemas(which)) {
      const { enum: values, 'x-enum-varnames': names } = schema as { enum?: string[]; 'x-enum-varnames'?: string[] };
      if (values === undefined || typeof values[0] !== 'string') continue;
      const plain = (names ?? values).map((value) => value.replaceAll(/[^A-Za-z0-9_]/g, '').toUpperCase());
      expect([at, new Set(plain).size]).toEqual([at, values.length]);
      if (names !== undefined) expect([at, names.length]).toEqual([at, values.length]);
    }
  });

  it('describe every member, themselves or by what they refer to', () => {
    const silent = allSchemas(which).filter(
      ({ schema, at }) =>
        /\/properties\/[^/]+$/.test(at) &&
        schema['description'] === undefined &&
        target(which, schema)['description'] === undefined,
    );
    expect(where(silent)).toEqual([]);
  });

  it('tell alternatives apart by a member, or by the members that each has', () => {
    const alike = found((schema) => {
      const { oneOf, discriminator } = schema as {
        oneOf?: Schema[];
        discriminator?: { propertyName: string; mapping: Record<string, string> };
      };
      if (oneOf === undefined) return false;
      if (discriminator !== undefined) {
        return (
          Object.values(discriminator.mapping).sort().join() !==
          oneOf
            .map(({ $ref }) => $ref)
            .sort()
            .join()
        );
      }
      const required = oneOf.map((one) => (target(which, one)['required'] as string[]).join());
      const members = oneOf.map((one) => JSON.stringify(target(which, one)['properties']));
      return new Set(required).size !== oneOf.length && new Set(members).size !== oneOf.length;
    });
    expect(alike).toEqual([]);
  });

  it('are all used, and refer to nothing that is not there', () => {
    const text = JSON.stringify(contracts[which]);
    const referred = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name));
    expect([...referred].sort()).toEqual(Object.keys(componentsOf(which)).sort());
  });
});

describe('the reasons of a decision', () => {
  it('each say what they mean, since they have no page', () => {
    const { description, enum: reasons } = componentsOf('access')['DecisionReason'] as Readonly<
      Record<string, unknown>
    >;
    const meant = [...String(description).matchAll(/^- `([^`]+)`: .{20,}\.$/gm)].map(([, code]) => code);
    expect(meant).toEqual(reasons);
  });
});

describe('requests', () => {
  const sent = (which: Which): ReadonlySet<string> => {
    const names = new Set<string>();
    const follow = (value: unknown): void => {
      for (const [, name] of JSON.stringify(value ?? {}).matchAll(/#\/components\/schemas\/(\w+)/g)) {
        if (names.has(name!)) continue;
        names.add(name!);
        follow(componentsOf(which)[name!]);
      }
    };
    for (const { operation } of operationsOf(which)) follow(operation.requestBody?.content);
    return names;
  };

  it('of ours take no member that they do not name, and those of AuthZEN take any', () => {
    const objects = (which: Which) =>
      [...sent(which)].filter((name) => typesOf(componentsOf(which)[name]!).includes('object'));
    expect(objects('v1').length).toBeGreaterThan(60);
    expect(objects('v1').filter((name) => componentsOf('v1')[name]!['additionalProperties'] !== false)).toEqual([]);
    expect(objects('access').filter((name) => 'additionalProperties' in componentsOf('access')[name]!)).toEqual([]);
  });

  it('say "exactly one of" in the schema', () => {
    for (const [name, forms] of Object.entries({
      AuthorizedPartyReference: ['AuthorizedPersonReference', 'IntermediaryReference'],
      ObjectReference: ['RevokedAuthorizationReference', 'RevokedMeansReference', 'LeaverReference'],
      SearchPersonsRequest: ['SearchPersonsByName', 'SearchPersonsByDocument'],
      CheckPerformedBy: ['CheckPerformedByWithClerk', 'CheckPerformedByWithSystem'],
    })) {
      expect(componentsOf('v1')[name]).toMatchObject({
        oneOf: forms.map((form) => ({ $ref: `#/components/schemas/${form}` })),
      });
    }
    expect(componentsOf('v1')['AuthenticationRequest']).toMatchObject({
      if: {},
      then: { oneOf: [{ required: ['means'] }, { required: ['assertion'] }, { required: ['facility'] }] },
    });
  });
});

describe('checks', () => {
  it('that an official number was verified say of which kind it is, and not the number (MIN-04)', () => {
    const schemas = Object.entries(componentsOf('v1')).filter(([name]) => name.includes('OfficialNumberVerification'));
    expect(schemas).toHaveLength(4);
    for (const [, { properties }] of schemas) {
      const members = Object.keys(properties as object);
      expect(members).toContain('numberKind');
      expect(members.filter((name) => /number|value/i.test(name))).toEqual(['numberKind']);
    }
  });

  it.each([
    ['RecordCheckRequest', (kind: string) => `${kind}Request`],
    ['CheckView', (kind: string) => `${kind}View`],
    ['CheckAnswer', (kind: string) => `${kind}Answer`],
    ['AuditedCheck', (kind: string) => `Audited${kind}`],
  ])('have in %s one schema per kind, told apart by `type`', (union, nameOf) => {
    const upper = (kind: string): string =>
      kind.charAt(0).toUpperCase() +
      (/^[a-z][A-Z]/.test(kind) ? kind.charAt(1).toLowerCase() : kind.charAt(1)) +
      kind.slice(2);
    const { discriminator } = componentsOf('v1')[union] as {
      discriminator: { propertyName: string; mapping: Record<string, string> };
    };
    expect(discriminator.propertyName).toBe('type');
    expect(discriminator.mapping).toEqual(
      Object.fromEntries(CHECK_TYPES.map((kind) => [kind, `#/components/schemas/${nameOf(upper(kind))}`])),
    );
    for (const reference of Object.values(discriminator.mapping)) {
      expect(target('v1', { $ref: reference })).toHaveProperty('properties.type.const');
    }
  });

  it('show no words of a clerk, and have an example of each kind', () => {
    for (const name of Object.keys(componentsOf('v1')).filter((one) => /(View|Answer)$|^Audited/.test(one))) {
      expect(componentsOf('v1')[name]!['properties'] ?? {}).not.toHaveProperty('lateEntryReason');
    }
    const post = contracts.v1.paths['/checks']!['post']!;
    expect(Object.keys(post.requestBody!.content['application/json']!.examples!).sort()).toEqual(
      [...CHECK_TYPES].sort(),
    );
  });
});

describe.each(WHICH)('the operations of %s', (which) => {
  it('have a name of their own, words, a group with words, and one server in all', () => {
    const { servers, tags } = contracts[which] as Contract & {
      servers: object[];
      tags: { name: string; description: string }[];
    };
    expect(servers).toHaveLength(1);
    const ids = operationsOf(which).map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, operation } of operationsOf(which)) {
      expect([name, operation]).toEqual([
        name,
        expect.objectContaining({
          summary: expect.any(String),
          description: expect.any(String),
          tags: [expect.any(String)],
        }),
      ]);
      expect(tags).toContainEqual({ name: operation.tags![0], description: expect.stringMatching(/\w/) });
    }
  });

  it('ask for scopes that the scheme knows', () => {
    const { oauth2 } = contracts[which].components.securitySchemes as {
      readonly oauth2: {
        readonly type: string;
        readonly flows: { readonly clientCredentials: { readonly scopes: object } };
      };
    };
    expect(oauth2.type).toBe('oauth2');
    const asked = new Set(
      operationsOf(which).flatMap(({ operation }) => (operation.security ?? []).flatMap((one) => one['oauth2'] ?? [])),
    );
    expect(Object.keys(oauth2.flows.clientCredentials.scopes).sort()).toEqual([...asked].sort());
  });

  it('say the version as the header does', () => {
    const { version } = (contracts[which] as unknown as { info: { version: string } }).info;
    for (const { operation } of operationsOf(which)) {
      for (const { headers } of Object.values(operation.responses)) {
        expect(headers).toHaveProperty('API-Version.example', version);
      }
    }
  });

  it('tell an id that nothing has from an address that is none', () => {
    const silent = operationsOf(which).filter(
      ({ name, operation }) =>
        name.includes('{id}') &&
        !(operation.responses['404']!['x-problem-codes'] as string[]).some((code) => code.startsWith('no-such-')),
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('list the codes of a problem at the status it really has', () => {
    const statuses = new Map<string, Set<string>>();
    for (const { operation } of operationsOf(which)) {
      for (const [status, answer] of Object.entries(operation.responses)) {
        if (!/^[45]/.test(status)) continue;
        const codes = answer['x-problem-codes'] as string[];
        expect(codes.length).toBeGreaterThan(0);
        for (const code of codes) {
          expect(answer.description).toContain(`\`${code}\``);
          (statuses.get(code) ?? statuses.set(code, new Set()).get(code)!).add(status);
        }
      }
    }
    // Two have another status where the contract says so (interfaces.md §4, §7).
    const several = [...statuses].filter(([, found]) => found.size > 1).map(([code]) => code);
    const allowed = ['no-such-registration', 'purpose-not-in-application', 'unsupported-media-type'];
    expect(several.filter((code) => !allowed.includes(code))).toEqual([]);
  });
});

describe('the examples', () => {
  const values = (which: Which, path: string, status: string): readonly Record<string, unknown>[] =>
    Object.values(
      contracts[which].paths[path]!['post']!.responses[status]!.content!['application/json']!.examples!,
    ).map(({ value }) => value as Record<string, unknown>);
  const decisions = (which: Which, path: string) => new Set(values(which, path, '200').map(({ decision }) => decision));

  it('show a yes and a no where there are both', () => {
    expect(decisions('access', '/evaluation')).toEqual(new Set([true, false]));
    expect(decisions('v1', '/classifications/evaluation').size).toBe(2);
    expect(values('v1', '/revocation-requests', '201').map(({ status }) => status)).toEqual(
      expect.arrayContaining(['effected', 'refused']),
    );
  });

  it('of every list show two that differ', () => {
    const searches = Object.keys(contracts.v1.paths).filter((path) => path.endsWith('/_search'));
    expect(searches.length).toBeGreaterThan(4);
    for (const path of searches) {
      const differing = new Set(values('v1', path, '200').map((one) => JSON.stringify(one))).size;
      expect([path, Math.min(differing, 2)]).toEqual([path, 2]);
    }
  });
});
