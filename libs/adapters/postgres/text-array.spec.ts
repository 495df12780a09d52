import { expect, it } from '@jest/globals';
import { byteaArray, textArray } from './text-array.js';

it('is a list of one dimension, each text with its length in bytes', () => {
  expect(textArray(['{"a":"\\"é"}', '']).toString('hex')).toBe(
    [
      ...['00000001', '00000000', '00000019', '00000002', '00000001'],
      ...['0000000c', Buffer.from('{"a":"\\"é"}').toString('hex'), '00000000'],
    ].join(''),
  );
});

it('of bytes has them as they are', () => {
  expect(byteaArray([Buffer.from([0, 255]), Buffer.alloc(0)]).toString('hex')).toBe(
    ['00000001', '00000000', '00000011', '00000002', '00000001', '00000002', '00ff', '00000000'].join(''),
  );
});
