import { expect, test } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ours = fileURLToPath(new URL('../../vectors/', import.meta.url));
const shared = fileURLToPath(new URL('../../../../shared/vectors/', import.meta.url));

const files = ['authorization', 'evaluation', 'means', 'revocation-deadline', 'validity'].map((name) => `${name}.json`);

test('the acceptance vectors are all here', () => {
  expect(readdirSync(ours)).toEqual(expect.arrayContaining(files));
});

test('the acceptance vectors are those that the client gave', () => {
  if (!existsSync(shared)) {
    process.stdout.write('not run: ../shared/vectors is absent, the copies in test/vectors cannot be compared\n');
    return;
  }
  for (const file of files) {
    expect({ file, same: readFileSync(`${ours}${file}`).equals(readFileSync(`${shared}${file}`)) }).toEqual({
      file,
      same: true,
    });
  }
});
