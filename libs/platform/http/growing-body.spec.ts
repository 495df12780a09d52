import { expect, it } from '@jest/globals';
import { GrowingBody } from './growing-body.js';

it('a body is what came, in whatever pieces, and takes twice the memory at most', () => {
  const text = 'a body, in pieces of every size; '.repeat(100);
  for (const size of [1, 2, 3, 7, 64, 1_000, text.length]) {
    const body = new GrowingBody(10_000, undefined);
    for (let at = 0; at < text.length; at += size) {
      expect(body.add(Buffer.from(text.slice(at, at + size)))).toBe(true);
      expect(body.held).toBeLessThanOrEqual(2 * body.length);
    }
    expect([size, body.length, body.whole().toString()]).toEqual([size, text.length, text]);
  }
  expect(new GrowingBody(10, undefined).whole()).toHaveLength(0);
});

it('a body has no more than it may, and memory for no more than it announced', () => {
  const body = new GrowingBody(10, undefined);
  expect([
    body.add(Buffer.alloc(8)),
    body.add(Buffer.alloc(3)),
    body.add(Buffer.alloc(2)),
    body.add(Buffer.alloc(1)),
  ]).toEqual([true, false, true, false]);
  expect([body.length, body.held]).toEqual([10, 10]);
  const announced = new GrowingBody(1_000, '5');
  expect([announced.add(Buffer.alloc(3)), announced.add(Buffer.alloc(2)), announced.held]).toEqual([true, true, 5]);
});
