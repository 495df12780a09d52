import { MAX_RECORDS_READ, type SequencedLog } from '#libs/eventing';

/** What the archive has behind the first `size` entries of its log, a line each (docs/verify.md), in pieces. */
export async function* exportedRecords(table: Pick<SequencedLog, 'kept'>, size: number): AsyncGenerator<string> {
  for (let from = 0; from < size; from += MAX_RECORDS_READ) {
    const kept = await table.kept(from, Math.min(size, from + MAX_RECORDS_READ));
    yield kept
      .map(({ index, salt, record }) => {
        const line = { index, salt: Buffer.from(salt).toString('base64'), record };
        return `${JSON.stringify(line)}\n`;
      })
      .join('');
  }
}
