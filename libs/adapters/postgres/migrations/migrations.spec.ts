import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { migrations } from './index.js';

/** Databases hold these sums: a migration that changes is refused by every one of them. New ones are added behind. */
const RELEASED: readonly (readonly [number, string, string])[] = [
  [1, 'event-log', 'a1600b5861a9609741e1357c9638652f8d5d372de9e3ad99273a016606beed9a'],
  [2, 'record-log', '8a31a61641b1c623ccb7e334be50ec0a233ada4f28dca67ee6332f7840e18a1f'],
  [3, 'read-models', '269ef0895d0d8009110b79cddb9dd4f2012140b9c48678edf5afbc3de5876d84'],
  [4, 'leases', 'f3520f7537aebad0e12e3f2222235ac3605677a8a6ce85d1fc9234d2be9ef87c'],
  [5, 'parked-steps', '89155533af056c7b9bbc7660fa4f2938d079e40240a58377abb41d2846ed2683'],
  [6, 'least-privilege', 'f1cb83bc67f1ada516ff1167899d5db0021371287ee1add0e67c368e8246d10b'],
  [7, 'lineage', '69f62f51ad5c93b7ca81681f0bef5e9d1b7718d5cf1618133a662e5e2f07cab6'],
  [8, 'answered-keys', 'd8fb755f15df996541c20f76185ddb8821fb01cdb76316a292edda6519f41604'],
  [9, 'fenced-leases', '86c2e76ea9c2559c778ac789b8729959af7e579e8a558142833f07272733ab84'],
  [10, 'parked-messages', 'd459e11fec9307be86eabc78ef5cac9eb72229887e78efe55bf1d5959deb4047'],
  [11, 'due-work', 'd66cc513096404db53859996feaf15ffe535613dbd8ade182ee46f2f129c2b89'],
  [12, 'events-of-a-store', 'fa3709935cca7d8e6da25e41ca208f66e3f8e276f9ec6960c368fc59b64371cf'],
  [13, 'used-proofs', '731dcc4cad85798eead4f45e6dff300429fae667e4a2d4c747f00fa9ff64ffa2'],
  [14, 'sequenced-log', '29c9ffeb0d420ae118b3818a5c1bb2bc0d91bda08412c45a19cd5b98257a122c'],
  [15, 'cosigned-checkpoint', '424003d82467b7bc3f35316fbf365648b7b1f986df65efd19ce10a43cdac9076'],
];

const summed = migrations.map(({ number, name, sql }) => [
  number,
  name,
  createHash('sha256').update(sql).digest('hex'),
]);

test.each(RELEASED)('migration %d (%s) is the one that was released', (number, name, sum) => {
  expect(summed.find(([known]) => known === number)).toEqual([number, name, sum]);
});

test('migrations are numbered from 1 without a gap, in this order, and each has a sum to be known by', () => {
  expect(summed.map(([number]) => number)).toEqual(RELEASED.map(([number]) => number));
  expect(RELEASED.map(([number]) => number)).toEqual(RELEASED.map((_, index) => index + 1));
});
