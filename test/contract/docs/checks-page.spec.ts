import { describe, expect, it, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { CHECK_TYPES } from '#libs/domain';
import { checkExamples } from '../../../apps/archive/checks/check-examples.js';
import { readCheck } from '../../../apps/archive/checks/check-validator.js';
import { generatedFile } from '../scheme/generated.js';
import { checksPage } from './checks-page.js';

const path = fileURLToPath(new URL('../../../docs/checks.md', import.meta.url));

test('docs/checks.md says what the schema file says', () => {
  const page = checksPage();
  expect(generatedFile(path, page)).toBe(page);
  // A keyword of the schema that the page has no words for.
  expect(page).not.toMatch(/undefined|\[object|: \.$/m);
});

/** The bodies as the page has them, by the kind that they stand below. */
const bodies = new Map(
  [...checksPage().matchAll(/^## (\w+)\n[^]*?```json\n([^]*?)```/gm)].map(([, type, body]) => [type!, body!]),
);

describe('the body on the page', () => {
  it.each(CHECK_TYPES)('of %s is the example of the contract, and can be sent as it is', (type) => {
    const body: unknown = JSON.parse(bodies.get(type)!);
    expect(body).toEqual(checkExamples[type as keyof typeof checkExamples]);
    expect(readCheck(body).faults).toEqual([]);
  });
});
