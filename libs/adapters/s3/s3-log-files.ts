import { LogFileDiffers, type LogFiles } from '#libs/eventing';
import { bodyOf, refusalOf, textsOf, type Answer, type Asked, type Bucket } from './bucket.js';

const CHECKPOINT = 'checkpoint';
/** Stands in every bucket of a log: by it a server shows that it keeps to conditions. */
const PROBE = 'conditional-writes';
/** A bundle of 256 entries of the greatest length. */
const MAX_BYTES = 16 * 1024 * 1024 + 1024;
/** Partial tiles of a path; there are no more widths. */
const MAX_PARTIAL = 255;
const DELETED_AT_ONCE = 8;
const WRITTEN_AGAIN = 5;

const TILE = { 'content-type': 'application/octet-stream', 'cache-control': 'public, max-age=31536000, immutable' };
const NOTE = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' };

/**
 * The log as objects that anybody may read who knows the bucket's address. Tiles and bundles are put where nothing stands
 * (`If-None-Match: *`), a checkpoint in the place of the very one that was read (`If-Match`): the server compares and stores in
 * one step, whoever else writes. A server that does not know these conditions is refused before anything is written.
 */
export class S3LogFiles implements LogFiles {
  readonly #bucket: Bucket;
  #proven: Promise<void> | undefined;

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    return (await this.#object(path))?.body;
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    await this.#demandConditions();
    const put = { method: 'PUT', key: path, headers: { ...TILE, 'if-none-match': '*' }, body: bodyOf(bytes) } as const;
    // What stood there may be taken away before it is read, by who tidies.
    for (let times = 0; times < WRITTEN_AGAIN; times += 1) {
      const answer = await this.#ask(put, 200, 412);
      if (answer.status === 200) return;
      const there = await this.read(path);
      if (there === undefined) continue;
      if (!Buffer.from(there).equals(bytes)) throw new LogFileDiffers(path);
      return;
    }
    throw new Error(`the bucket of the log says that ${path} is there, and does not give it`);
  }

  async checkpoint(): Promise<string | undefined> {
    return (await this.#object(CHECKPOINT))?.body.toString();
  }

  async publish(note: string, over?: string): Promise<boolean> {
    await this.#demandConditions();
    const there = over === undefined ? undefined : await this.#object(CHECKPOINT);
    if (over !== undefined && there?.body.toString() !== over) return false;
    const condition: Record<string, string> =
      there === undefined ? { 'if-none-match': '*' } : { 'if-match': tagOf(there) };
    const headers = { ...NOTE, ...condition };
    const answer = await this.#ask(
      { method: 'PUT', key: CHECKPOINT, headers, body: bodyOf(Buffer.from(note)) },
      ...[200, 412, 404],
    );
    if (answer.status === 200) return true;
    // It was put, and the answer lost: the second try met what the first had done.
    return answer.tries > 1 && (await this.checkpoint()) === note;
  }

  async tidy(path: string): Promise<void> {
    const prefix = `${this.#bucket.prefix}${path}.p/`;
    const query = { 'list-type': '2', prefix, 'max-keys': String(MAX_PARTIAL) };
    const xml = (await this.#ask({ method: 'GET', query }, 200)).body.toString();
    const keys = textsOf(xml, 'Key').filter((key) => key.startsWith(prefix));
    for (let at = 0; at < keys.length; at += DELETED_AT_ONCE) {
      await Promise.all(
        keys
          .slice(at, at + DELETED_AT_ONCE)
          .map((key) => this.#ask({ method: 'DELETE', key: key.slice(this.#bucket.prefix.length) }, 204, 200, 404)),
      );
    }
  }

  async #object(path: string): Promise<Answer | undefined> {
    const answer = await this.#ask({ method: 'GET', key: path, most: MAX_BYTES }, 200, 404);
    return answer.status === 404 ? undefined : answer;
  }

  /** Rejects where none of these is the status: what can't be read is no file that is missing. */
  async #ask(asked: Asked, ...statuses: readonly number[]): Promise<Answer> {
    const answer = await this.#bucket.ask(asked);
    if (!statuses.includes(answer.status)) throw refusalOf(answer);
    return answer;
  }

  #demandConditions(): Promise<void> {
    this.#proven ??= this.#prove().catch((error: unknown) => {
      this.#proven = undefined;
      throw error;
    });
    return this.#proven;
  }

  /** Puts a small object twice, where nothing may stand and where another should: the server has to refuse both. */
  async #prove(): Promise<void> {
    const put = (condition: Record<string, string>): Promise<Answer> =>
      this.#ask(
        {
          ...({
            method: 'PUT',
            key: PROBE,
            body: bodyOf(Buffer.from('This server keeps to If-Match and If-None-Match.\n')),
          } as const),
          headers: { ...NOTE, ...condition },
        },
        ...[200, 412, 501],
      );
    const first = await put({ 'if-none-match': '*' });
    const second = first.status === 200 ? await put({ 'if-none-match': '*' }) : first;
    const third = await put({ 'if-match': '"00000000000000000000000000000000"' });
    if (second.status !== 412 || third.status !== 412) {
      throw new Error(
        'the bucket of the log has a server that does not keep to If-None-Match and If-Match: what was published could be ' +
          'written over',
      );
    }
  }
}

function tagOf({ headers }: Answer): string {
  const { etag } = headers;
  if (typeof etag !== 'string' || etag === '')
    throw new Error('the bucket of the log names no version of what it gives');
  return etag;
}
