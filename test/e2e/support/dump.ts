import { to as copyTo } from 'pg-copy-streams';
import { testClient } from '#libs/testing';

export interface TableDump {
  readonly table: string;
  readonly text: string;
}

/** Everything that lies in a database: every table of every schema of ours, as COPY gives it. */
export async function dumpDatabase(url: string): Promise<readonly TableDump[]> {
  const client = await testClient(url);
  try {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    );
    const dumps: TableDump[] = [];
    for (const { name } of rows) {
      const pieces: Buffer[] = [];
      for await (const piece of client.query(copyTo(`copy (select * from ${name}) to stdout`)))
        pieces.push(piece as Buffer);
      dumps.push({ table: name, text: Buffer.concat(pieces).toString('utf8') });
    }
    return dumps;
  } finally {
    await client.end();
  }
}

/**
 * Where a value stands in a text: as it is (in any case), as hexadecimal digits, in UTF-16 or its digits, or inside base64 at any
 * alignment. Of a binary file the text has a letter for each byte.
 */
export function formsFound(text: string, value: string): readonly string[] {
  const lower = text.toLowerCase();
  const bytes = Buffer.from(value, 'utf8');
  const escaped = JSON.stringify(value).slice(1, -1);
  const found = [
    ...(lower.includes(value.toLowerCase()) || lower.includes(escaped.toLowerCase()) ? ['plain'] : []),
    ...(lower.includes(bytes.toString('hex')) ? ['hex'] : []),
    ...(isInUtf16(text, lower, value) ? ['utf-16'] : []),
  ];
  for (const before of [0, 1, 2]) {
    // The characters that depend on the value's own bytes alone, whatever stands around it.
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const whole = Math.floor(padded.length / 3) * 4;
    const inner = padded.toString('base64').slice([0, 2, 3][before], whole);
    const url = inner.replaceAll('+', '-').replaceAll('/', '_');
    if (inner.length >= 6 && (text.includes(inner) || text.includes(url))) found.push('base64');
  }
  return [...new Set(found)];
}

/** Either end first: the value's own bytes are the same but for where they begin. */
function isInUtf16(text: string, lower: string, value: string): boolean {
  const bytes = Buffer.from(value, 'utf16le');
  const big = Buffer.from(bytes).swap16();
  return [bytes, big].some((each) => text.includes(each.toString('latin1')) || lower.includes(each.toString('hex')));
}
