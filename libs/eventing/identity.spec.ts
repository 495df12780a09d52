import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isUuid } from '#libs/kernel';
import { derivedId } from './index.js';

describe('a derived id', () => {
  it('is the same for ever: these are stored', () => {
    expect(derivedId('party', '00000099000000001000', 'kvk', '69599084')).toBe('3fcac0db-e6f8-83ba-a326-e22477bf9522');
    expect(derivedId()).toBe(derivedId());
  });

  it('is a UUID of version 8 (RFC 9562) whatever the parts are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (parts) => {
        const id = derivedId(...parts);
        expect(isUuid(id)).toBe(true);
        expect(id).toMatch(/^.{8}-.{4}-8.{3}-[89ab].{3}-.{12}$/);
      }),
    );
  });

  it('keeps parts apart, also where they look like each other glued together', () => {
    expect(derivedId('ab', 'c')).not.toBe(derivedId('a', 'bc'));
    expect(derivedId('ab')).not.toBe(derivedId('a', 'b'));
    expect(derivedId('a1:b')).not.toBe(derivedId('a', 'b'));
    expect(derivedId('a', '')).not.toBe(derivedId('a'));
    expect(derivedId('a', 'b')).not.toBe(derivedId('b', 'a'));
  });

  it('differs wherever the parts differ', () => {
    const parts = fc.array(fc.string({ unit: fc.constantFrom('1', ':', 'a', 'é'), maxLength: 3 }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (left, right) => {
        expect(derivedId(...left) === derivedId(...right)).toBe(JSON.stringify(left) === JSON.stringify(right));
      }),
    );
  });
});
