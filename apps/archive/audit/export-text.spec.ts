import { describe, expect, it } from '@jest/globals';
import { exportText } from './export-text.js';

describe('an export', () => {
  it('as NDJSON has a line of canonical JSON for each item, whatever the order of its members', () => {
    expect(exportText('ndjson', [{ b: 1, a: 'x\ny' }, { a: [] }])).toBe('{"a":"x\\ny","b":1}\n{"a":[]}\n');
    expect(exportText('ndjson', [])).toBe('');
  });

  it('as CSV has every member of any of them, quoted where it has to be', () => {
    const items = [
      { id: '1', names: ['a', 'b'], note: 'say "x", y' },
      { id: '2', erased: false, note: null },
    ];
    expect(exportText('csv', items)).toBe('erased,id,names,note\r\n,1,"[""a"",""b""]","say ""x"", y"\r\nfalse,2,,\r\n');
  });

  it.each(['=1+1', '+31', '-1', '@x', '\tx'])('as CSV says nothing that a spreadsheet would run: %j', (name) => {
    expect(exportText('csv', [{ name }])).toBe(`name\r\n'${name}\r\n`);
    expect(exportText('ndjson', [{ name }])).toBe(`${JSON.stringify({ name })}\n`);
  });

  it.each([
    ['x;=1+1;', "x;'=1+1;"],
    ["z;=cmd|' /C calc'!A0;", "z;'=cmd|' /C calc'!A0;"],
    ['a\t@x', "a\t'@x"],
    ['two\n=lines', '"two\n\'=lines"'],
    ['two\r\n+lines', '"two\r\n\'+lines"'],
    ['a;b; -c', 'a;b; -c'],
  ])('as CSV says nothing that a spreadsheet with other separators would run: %j', (name, cell) => {
    expect(exportText('csv', [{ name }])).toBe(`name\r\n${cell}\r\n`);
    expect(exportText('ndjson', [{ name }])).toBe(`${JSON.stringify({ name })}\n`);
  });
});
