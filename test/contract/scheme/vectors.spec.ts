import { expect, test } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unless } from '#libs/testing';

const ours = fileURLToPath(new URL('../../vectors/', import.meta.url));
const shared = fileURLToPath(new URL('../../../../shared/vectors/', import.meta.url));

const files = ['authorization', 'evaluation', 'means', 'revocation-deadline', 'validity'].map((name) => `${name}.json`);

test('the acceptance vectors are all here', () => {
  expect(readdirSync(ours)).toEqual(expect.arrayContaining(files));
});

const given = unless(existsSync(shared) ? undefined : 'the vectors of the client are not beside the checkout');

given.it('the acceptance vectors are those that the client gave', () => {
  for (const file of files) {
    expect({ file, same: readFileSync(`${ours}${file}`).equals(readFileSync(`${shared}${file}`)) }).toEqual({
      file,
      same: true,
    });
  }
});
