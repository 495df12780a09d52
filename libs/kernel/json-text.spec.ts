import { expect, it } from '@jest/globals';
import { membersTwice } from './index.js';

const told = (text: string): readonly string[] => {
  JSON.parse(text);
  return membersTwice(text).map(
    ({ path, places }) => `${path.join('/')} ${places.map(({ line, column }) => `${line}:${column}`).join(' ')}`,
  );
};

it('a member that stands twice is told with its path and where both values begin, however it is spelled', () => {
  expect(told('{ "a": 1,\n  "b": { "c" : 2, "c":\n3 }, "\\u0061":   4 }')).toEqual(['b/c 2:16 3:1', 'a 1:8 3:18']);
  expect(told('[{ "a": 1 }, { "a": {}, "a": [], "a": "" }]')).toEqual(['1/a 1:21 1:30', '1/a 1:30 1:39']);
  expect(told('{"":1,"":2,"__proto__":1,"__proto__":2}')).toEqual([' 1:5 1:10', '__proto__ 1:24 1:38']);
});

it('the same name in other objects, in lists and in strings is no member that stands twice', () => {
  for (const fine of [
    '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}],"c":"a","d":["a","a"]}',
    '{"a":"{\\"a\\":1,\\"a\\":2}","b":"\\\\","c":"\\"","d":[",","}"]}',
    '"a"',
    '1',
    'null',
    '[]',
  ]) {
    expect([fine, told(fine)]).toEqual([fine, []]);
  }
});

it('no text makes it tell without end', () => {
  expect(told(`{${Array.from({ length: 1_000 }, () => '"a":1').join(',')}}`)).toHaveLength(20);
});
