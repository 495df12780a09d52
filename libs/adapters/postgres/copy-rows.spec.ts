import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { copyRows, copyText } from './copy-rows.js';

describe('rows in the text format of COPY', () => {
  it('come back as they were, however the bytes are cut into chunks', async () => {
    const cell = fc.option(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\\N', '\\.', '\\', 'a\tb', 'a\nb', '\r\n', '\\n', '')),
      { nil: null },
    );
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (rows, size) => {
        const bytes = Buffer.from(rows.map((row) => `${row.map(copyText).join('\t')}\n`).join(''));
        async function* chunks(): AsyncIterable<Buffer> {
          for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
        }
        const read = [];
        for await (const page of copyRows(chunks())) read.push(...page);
        expect(read).toEqual(rows);
      }),
    );
  });

  it('read the escapes that the server writes', async () => {
    async function* chunks(): AsyncIterable<Buffer> {
      yield Buffer.from('\\b\\f\\n\\r\\t\\v\\\\\t\\N\n');
    }
    for await (const page of copyRows(chunks())) expect(page).toEqual([['\b\f\n\r\t\v\\', null]]);
  });
});
