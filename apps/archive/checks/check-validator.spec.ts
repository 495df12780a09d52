import { describe, expect, it, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { checkSchema } from '#libs/domain';
import { readCheck } from './check-validator.js';

const ID = '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44';
const check = {
  application: ID,
  type: 'idDocumentStatus',
  about: { person: ID },
  document: ID,
  status: 'notReported',
  performedAt: '2026-03-02T10:12:00Z',
  performedBy: { clerk: 'c-17' },
  source: { name: 'VIS', reference: 'a1' },
};
const faultsOf = (body: unknown): string[] => readCheck(body).faults.map(({ pointer, code }) => `${pointer} ${code}`);

test('The schema of checks is one: at a start nobody looks', () => {
  const ajv = new Ajv2020();
  expect([ajv.validateSchema(checkSchema), ajv.errors]).toEqual([true, null]);
  expect(ajv.validateSchema({ ...checkSchema, required: 'type' })).toBe(false);
});

describe('a check is read', () => {
  it('without faults, its moments in UTC', () => {
    const read = readCheck({ ...check, performedAt: '2026-03-02T11:12:00+01:00' });
    expect(read).toEqual({ check: { ...check, performedAt: '2026-03-02T10:12:00.000Z' }, faults: [] });
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])('with %s as a name like any other', (name) => {
    expect(faultsOf({ ...check, [name]: 1 })).toEqual([`/${name} unknown-member`]);
    expect(faultsOf({ ...check, about: { person: ID, [name]: ID } })).toEqual([`/about/${name} unknown-member`]);
    expect(faultsOf({ ...check, type: name })).toEqual(['/type invalid-value']);
  });

  it.each([
    [{ type: 'guess' }, '/type invalid-value'],
    [{}, '/type required'],
  ])('of no kind, %j, by what every check has', (kind, fault) => {
    const { type: _type, ...sound } = check;
    expect(faultsOf({ ...sound, ...kind })).toEqual([fault]);
    expect(faultsOf(kind).sort()).toEqual(
      ['about', 'application', 'performedAt', 'performedBy', 'source'].map((name) => `/${name} required`).concat(fault),
    );
    const faulty = { ...sound, ...kind, about: {}, performedAt: 'x', performedBy: { clerk: 1 }, source: {} };
    expect(faultsOf(faulty).sort()).toEqual(
      [
        '/about required',
        '/performedAt invalid-value',
        '/performedBy/clerk wrong-type',
        '/source/name required',
        '/source/reference required',
      ].concat(fault),
    );
  });

  it('with the members named of which there is exactly one', () => {
    const told = (more: object) =>
      readCheck({ ...check, type: 'identityAttributesRecorded', ...more }).faults.find(
        ({ pointer }) => pointer === Object.keys(more).map((name) => `/${name}`)[0],
      );
    const performer = {
      facts: { names: ['clerk', 'system'] },
      detail: { nl: expect.stringContaining('clerk, system') },
    };
    expect(told({ performedBy: {} })).toMatchObject({ code: 'required', ...performer });
    expect(told({ performedBy: { clerk: 'c-17', system: 'portal' } })).toMatchObject({
      ...{ code: 'invalid-value' },
      ...performer,
    });
    expect(told({ about: {} })).toMatchObject({ code: 'required', facts: { names: ['person', 'party'] } });
  });

  it('no further than it is told', () => {
    let visited = 0;
    const counted = <T extends object>(value: T): T =>
      new Proxy(value, {
        get(target, name, receiver) {
          const member: unknown = Reflect.get(target, name, receiver);
          if (typeof name === 'string' && name !== 'length' && Object.hasOwn(target, name)) visited++;
          return typeof member === 'object' && member !== null ? counted(member) : member;
        },
      });
    const wide = Object.fromEntries(Array.from({ length: 9_000 }, (_, at) => [`m${at}`, { performedAt: 'x' }]));
    const most: readonly [object, number][] = [
      [{ ...check, type: 'tradeRegisterLookup', agreesOn: Array(19_000).fill({}) }, 200],
      [{ ...check, type: 'tradeRegisterLookup', currentEstablishments: Array(19_000).fill(0) }, 200],
      [{ ...check, type: 'tradeRegisterLookup', currentEstablishments: Array(9_000).fill(0) }, 800],
      [{ ...check, type: 'representationCheck', cosigners: Array(19_000).fill('x') }, 200],
      // Each name once, and none of them further in.
      [{ ...check, ...wide }, 9_200],
    ];
    for (const [body, bound] of most) {
      visited = 0;
      const { faults } = readCheck(counted(body));
      expect([faults.length > 0, faults.length <= 102, visited < bound]).toEqual([true, true, true]);
    }
  });
});
