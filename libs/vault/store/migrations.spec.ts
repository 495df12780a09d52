import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { MIGRATIONS } from './migrations.js';

/** A key store keeps the number of its newest step only: one that changes would make another schema under it. */
const RELEASED: readonly (readonly [number, string])[] = [
  [1, '13b4744150a5ac766b4e83d4dea86500ed8e84f58a30767ad047194fa931b5d3'],
  [2, 'b3d8575bbe47254429606ca0d65f8a7132c61c08f093e3aa702e71ce8566f860'],
  [3, 'f3de8b9c1925e7f2f032a02295dc58bc910de3410befe0e15523e7e177d3a246'],
  [4, '20ab33c7de1325d9c5745ae277ed31764e348671eacd01824899881741f5b977'],
];

const summed = MIGRATIONS.map(({ version, sql }) => [version, createHash('sha256').update(sql).digest('hex')]);

test.each(RELEASED)("step %d of the key store's schema is the one that was released", (version, sum) => {
  expect(summed[version - 1]).toEqual([version, sum]);
});

test('steps are numbered from 1 on, without a gap, and each has a sum to be known by', () => {
  expect(summed.map(([version]) => version)).toEqual(RELEASED.map(([version]) => version));
});
