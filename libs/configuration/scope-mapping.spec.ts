import { describe, expect, it } from '@jest/globals';
import { mappedScopes, readScopeMapping } from './scope-mapping.js';
import { ROLES } from './scopes.js';

const faultsOf = (text: string): readonly string[] => {
  const faults: string[] = [];
  readScopeMapping(text, faults);
  return faults;
};

describe('the mapping of scopes', () => {
  it('gives for a scope of the server a role or scopes of ours, and for any other nothing', () => {
    const faults: string[] = [];
    const mapping = readScopeMapping(
      '{ "urn:office:desk": { "role": "supplier" }, "ask": { "scopes": ["decision", "operations"] } }',
      faults,
    );
    expect(faults).toEqual([]);
    const scopesOf = mappedScopes(mapping);
    expect(scopesOf('urn:office:desk other')).toEqual(new Set(ROLES.supplier));
    expect(scopesOf('ask urn:office:desk')).toEqual(new Set(['decision', 'operations', ...ROLES.supplier]));
    // A name of ours that the server gives for something else.
    for (const none of ['audit', 'decision', '', 'constructor', '__proto__']) {
      expect([none, scopesOf(none).size]).toEqual([none, 0]);
    }
  });

  it('is refused with all that is wrong in it', () => {
    expect(
      faultsOf(`{
        "a b": { "role": "supplier" },
        "one": { "role": "boss" },
        "two": { "scopes": [] },
        "three": { "scopes": ["intake", "everything"] },
        "four": "supplier",
        "five": { "role": "supplier", "scopes": ["audit"] }
      }`),
    ).toEqual([
      '"a b" is no scope: visible characters, no spaces',
      expect.stringMatching(/^"one" names no role of ours: supplier, governance, /),
      expect.stringMatching(/^"two" has to list scopes of ours: intake, /),
      expect.stringMatching(/^"three" has to list scopes of ours: /),
      expect.stringMatching(/^"four" has to be /),
      expect.stringMatching(/^"five" has to be /),
    ]);
    expect(faultsOf('{')).toEqual(['is no JSON']);
    for (const nothing of ['{}', '[]', 'null', '"x"', '[{ "role": "supplier" }]']) {
      expect([nothing, faultsOf(nothing).length]).toEqual([nothing, 1]);
    }
  });

  it('is refused when anything stands in it twice, with where both are', () => {
    expect(
      faultsOf(`{
  "six": { "role": "auditor" },
  "seven": { "role": "supplier", "role": "governance" },
  "\\u0073ix": { "role": "governance" },
  "role": { "role": "network" }, "role": { "scopes": ["intake"] }
}`),
    ).toEqual([
      '"seven" → "role" stands there twice: line 3, column 22 and line 3, column 42',
      '"six" stands there twice: line 2, column 10 and line 4, column 15',
      '"role" stands there twice: line 5, column 11 and line 5, column 42',
    ]);
    expect(faultsOf('{ "role": { "role": "network" }, "scopes": { "scopes": ["intake"] } }')).toEqual([]);
  });
});
