import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainEvent, PersonId } from '#libs/kernel';
import { at, fixedClock, memoryBackbone, uuid, type MemoryBackbone } from '#libs/testing';
import { sharesAllIdentifyingAttributes } from './shared-attributes.js';

const person = (number: number): PersonId => uuid('person', number) as PersonId;
const document = (number: number): string => uuid('doc', number);
const clear = (values: object): object =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { clear: value as string }]));

let memory: MemoryBackbone;
const register = (id: PersonId, attributes: object): Promise<bigint> =>
  memory.record('person', id, {
    type: 'PersonRegistered',
    data: { person: id, ...clear(attributes), identifyingAttributes: Object.keys(attributes) },
  } as DomainEvent);
const record = (id: PersonId, doc: string, number: string): Promise<bigint> =>
  memory.record('person', id, {
    type: 'DocumentRecorded',
    data: {
      person: id,
      document: doc,
      documentType: 'passport',
      ...clear({ number, issuingState: 'NLD', expiresOn: '2030-01-01' }),
    },
  } as DomainEvent);

const whole = { familyName: 'Strauß', givenNames: 'Anna', birthDate: '1985-04-12', birthPlace: 'Utrecht' };
const [holder, same, less, byPassport, withPassport, withAnother, erased] = [1, 2, 3, 4, 5, 6, 7].map(person) as [
  PersonId,
  PersonId,
  PersonId,
  PersonId,
  PersonId,
  PersonId,
  PersonId,
];
const shares = (record_: PersonId, of: PersonId, ...valid: readonly string[]): Promise<boolean> =>
  sharesAllIdentifyingAttributes(memory.backbone, record_, of, new Set(valid));

beforeAll(async () => {
  memory = await memoryBackbone(fixedClock(at('2026-03-02T12:00:00Z')), { readModels: [] });
  await register(holder, whole);
  await register(same, { ...whole, familyName: 'STRAUSS' });
  await register(less, { familyName: 'Strauß', birthDate: '1985-04-12' });
  await register(byPassport, { familyName: 'Strauß' });
  await record(byPassport, document(1), 'NX1234567');
  await record(byPassport, document(2), 'NX7654321');
  await register(withPassport, { familyName: 'Strauss' });
  await record(withPassport, document(3), 'nx-1234567');
  await register(withAnother, { familyName: 'Strauss' });
  await record(withAnother, document(4), 'NX7654321');
  await register(erased, whole);
  memory.vault.destroyKey({ kind: 'person', id: erased });
});
afterAll(() => memory.close());

describe('the register’s comparison of two records (PROOF-04)', () => {
  it('agrees where everything that makes the holder unique stands in the other, in any spelling', async () => {
    expect(await shares(same, holder)).toBe(true);
    expect(await shares(less, holder)).toBe(false);
  });

  it('takes a valid document for it where the attributes do not suffice', async () => {
    expect(await shares(withPassport, byPassport, document(1))).toBe(true);
    expect(await shares(withAnother, byPassport, document(1))).toBe(false);
    expect(await shares(withPassport, byPassport)).toBe(false);
  });

  it('agrees with nobody who is erased or was never recorded', async () => {
    expect(await shares(erased, holder)).toBe(false);
    expect(await shares(holder, erased)).toBe(false);
    expect(await shares(person(99), holder)).toBe(false);
  });
});
