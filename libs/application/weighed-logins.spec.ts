import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { weighedLogins, weighedOf } from './weighed-logins.js';

it('keeps every place of what was weighed, and no other, whichever stretch comes first', () => {
  const place = fc.integer({ min: 0, max: 30 });
  fc.assert(
    fc.property(fc.array(fc.tuple(place, place), { maxLength: 8 }), (pairs) => {
      const weighed = weighedLogins();
      const places = new Set<number>();
      for (const [one, other] of pairs) {
        const [from, before] = [Math.min(one, other), Math.max(one, other) + 1];
        weighed.add({ from: BigInt(from), before: BigInt(before) });
        for (let each = from; each < before; each += 1) places.add(each);
      }
      for (let each = 0; each <= 33; each += 1) {
        expect(weighed.covers(BigInt(each))).toBe(places.has(each));
        let reached = each;
        while (places.has(reached - 1)) reached -= 1;
        expect(weighed.reaches(BigInt(each))).toBe(BigInt(reached));
      }
    }),
  );
});

it('is of one store, means and human, and begins anew of others', () => {
  const commands = {} as never;
  const [store, authority] = [
    { commands, identity: { store: 's', epoch: 1 } },
    { authorization: 'a', means: 'm', records: ['p', 'q'] },
  ];
  weighedOf(store, authority).add({ from: 0n, before: 9n });
  expect(weighedOf(store, { ...authority, records: ['q', 'p'] }).covers(3n)).toBe(true);
  for (const [other, of] of [
    [{ ...store, commands: {} as never }, authority],
    [{ ...store, identity: { store: 's', epoch: 2 } }, authority],
    [store, { ...authority, means: 'n' }],
    [store, { ...authority, records: ['p'] }],
    [store, { ...authority, authorization: 'b' }],
  ] as const) {
    expect(weighedOf(other, of).covers(3n)).toBe(false);
  }
});

it('keeps those of ten thousand authorities, and lets go of what was not asked for longest', () => {
  const store = { commands: {} as never, identity: { store: 's', epoch: 1 } };
  const of = (authorization: string) => weighedOf(store, { authorization, means: 'm', records: ['p'] });
  for (let each = 0; each < 10_000; each += 1) of(`a${each}`).add({ from: 0n, before: 9n });
  // Asked for again, and so not the one that goes.
  expect(of('a0').covers(3n)).toBe(true);
  of('one more');
  expect(of('a0').covers(3n)).toBe(true);
  expect(of('a2').covers(3n)).toBe(true);
  expect(of('a1').covers(3n)).toBe(false);
});
