import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent as PlainAgent, request as plainRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent, request as tlsRequest } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { EMPTY_HASH, queryText, signed, type Credentials } from './signature.js';

/** A place in an S3-compatible store, and who we are there. */
export interface BucketPlace {
  /** Origin of the server: `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** In front of every key: empty, or ending in `/`. */
  readonly prefix: string;
  /** Whether the bucket is named in the path, or in front of the host. */
  readonly style: 'path' | 'host';
  readonly credentials: Credentials;
}

/** Milliseconds. */
export interface Patience {
  /** In which nothing comes and nothing goes, before a try is given up. */
  readonly silence: number;
  /** For one request with all of its tries. */
  readonly whole: number;
  /** Before the second try; four times as long before the third. */
  readonly pause: number;
}

const PATIENCE: Patience = { silence: 10_000, whole: 60_000, pause: 150 };
const TRIES = 3;
/** Connections for what is asked, and for files that somebody reads at his own pace: these hold up no others. */
const SOCKETS = { asked: 16, read: 64 };
/** Of an answer that is no file. A page of a thousand versions takes some 400 KiB. */
const MAX_ANSWER = 4 * 1024 * 1024;

/** What is sent, as often as it takes. */
export interface Body {
  /** Bytes. */
  readonly size: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
  pieces(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface Asked {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** Below the prefix; absent: it is about the bucket. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
  /** Bytes that the answer may have. */
  readonly most?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** How often it was asked: an earlier try may have done its work, and only its answer be lost. */
  readonly tries: number;
}

/** The store was not reached, or said no: `status` and `code` as it has them. Names neither bucket nor key. */
export class BucketRefusal extends Error {
  override readonly name = 'BucketRefusal';
  constructor(
    /** Absent: there was no answer. */
    readonly status: number | undefined,
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(status === undefined ? code : `${status} ${code}`, options);
  }
}

export const bodyOf = (bytes: Uint8Array): Body => ({
  size: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  pieces: () => [bytes],
});

/** Of an answer in XML, the texts of an element by its name. */
export const textsOf = (xml: string, name: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => unescaped(text!));

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescaped = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
    (whole, hex?: string, dec?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()]!;
      const code = hex === undefined ? Number(dec) : parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );

/**
 * A bucket, asked over HTTP. Every request may be sent again: a key names one content, so that nothing is done twice. Tried
 * again are those that were not answered, and those whose answer says that another try may do better; then it rejects with
 * `BucketRefusal`. Other answers are the caller's to judge.
 */
export class Bucket {
  readonly prefix: string;
  readonly #place: BucketPlace;
  readonly #patience: Patience;
  readonly #origin: URL;
  readonly #base: string;
  readonly #agents: { readonly asked: Agent | PlainAgent; readonly read: Agent | PlainAgent };

  constructor(place: BucketPlace, patience: Partial<Patience> = {}) {
    this.prefix = place.prefix;
    this.#place = place;
    this.#patience = { ...PATIENCE, ...patience };
    const endpoint = new URL(place.endpoint);
    if (place.style === 'host') endpoint.hostname = `${place.bucket}.${endpoint.hostname}`;
    this.#origin = endpoint;
    this.#base = place.style === 'host' ? '/' : `/${place.bucket}/`;
    const agent = (maxSockets: number): Agent | PlainAgent =>
      endpoint.protocol === 'https:'
        ? new Agent({ keepAlive: true, maxSockets, minVersion: 'TLSv1.2' })
        : new PlainAgent({ keepAlive: true, maxSockets });
    this.#agents = { asked: agent(SOCKETS.asked), read: agent(SOCKETS.read) };
  }

  /** The whole answer, whatever its status; rejects where there is none, or the store is not able to give a better one. */
  ask(asked: Asked): Promise<Answer> {
    return this.#trying(async (ending, tries) => {
      const response = await this.#send(asked, this.#agents.asked, ending);
      const body = await this.#whole(response, asked.most ?? MAX_ANSWER);
      return { status: response.statusCode!, headers: response.headers, body, tries };
    });
  }

  /** The bytes of an object, as they come; `undefined` where there is none. */
  async read(key: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const response = await this.#trying(async (ending, tries) => {
      const coming = await this.#send({ method: 'GET', key }, this.#agents.read, ending);
      if (coming.statusCode === 200)
        return { status: 200, headers: coming.headers, body: Buffer.alloc(0), tries, coming };
      const body = await this.#whole(coming, MAX_ANSWER);
      return { status: coming.statusCode!, headers: coming.headers, body, tries };
    });
    if ('coming' in response) return this.#pieces(response.coming);
    if (response.status === 404) return undefined;
    throw refusalOf(response);
  }

  /** Ends connections that nobody uses. */
  close(): void {
    this.#agents.asked.destroy();
    this.#agents.read.destroy();
  }

  async #trying<A extends Answer>(attempt: (ending: AbortSignal, tries: number) => Promise<A>): Promise<A> {
    const { whole, pause } = this.#patience;
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), whole);
    try {
      for (let tries = 1; ; tries += 1) {
        const failure = await attempt(ending.signal, tries).then(
          (answer) => (mayDoBetter(answer) ? refusalOf(answer) : answer),
          (error: unknown) => this.#unanswered(error, ending.signal),
        );
        if (!(failure instanceof BucketRefusal)) return failure;
        if (tries === TRIES || ending.signal.aborted) throw failure;
        await delay(pause * 4 ** (tries - 1) * (0.5 + Math.random()), undefined, { signal: ending.signal }).catch(
          () => {
            throw failure;
          },
        );
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #unanswered(error: unknown, ending: AbortSignal): BucketRefusal {
    if (error instanceof FromBody) throw error.cause;
    if (error instanceof BucketRefusal) return error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return new BucketRefusal(undefined, ending.aborted ? 'no answer in time' : code, { cause: error });
  }

  #send(
    { method, key, query = {}, headers = {}, body }: Asked,
    agent: Agent | PlainAgent,
    ending: AbortSignal,
  ): Promise<IncomingMessage> {
    const path = key === undefined ? this.#base : `${this.#base}${this.prefix}${key}`;
    const contentHash = body?.sha256 ?? EMPTY_HASH;
    const words = Object.entries(query);
    const all = signed(
      {
        ...{ method, path, query: words, contentHash },
        headers: {
          host: this.#origin.host,
          ...headers,
          ...(body === undefined ? {} : { 'content-length': String(body.size) }),
          // Kept beside the object, and compared by the server a second time.
          ...(body === undefined
            ? {}
            : { 'x-amz-checksum-sha256': Buffer.from(contentHash, 'hex').toString('base64') }),
        },
      },
      ...([this.#place.credentials, this.#place.region, new Date()] as const),
    );
    const options = {
      ...{ method, agent, headers: all, signal: ending, timeout: this.#patience.silence },
      ...{ hostname: this.#origin.hostname.replace(/^\[(.*)\]$/, '$1'), port: this.#origin.port },
      path: words.length === 0 ? path : `${path}?${queryText(words)}`,
    };
    const outgoing = this.#origin.protocol === 'https:' ? tlsRequest(options) : plainRequest(options);
    outgoing.once('timeout', () => outgoing.destroy(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' })));
    return exchange(outgoing, body);
  }

  async #whole(response: IncomingMessage, most: number): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of this.#pieces(response)) {
      size += piece.length;
      if (size > most) throw new BucketRefusal(undefined, `an answer of more than ${most} bytes`);
      pieces.push(piece);
    }
    return Buffer.concat(pieces, size);
  }

  /** Who reads may take his time; the store may not. */
  async *#pieces(response: IncomingMessage): AsyncGenerator<Uint8Array> {
    response.socket.setTimeout(0);
    const reading = response[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    try {
      for (;;) {
        const silent = setTimeout(
          () => response.destroy(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' })),
          this.#patience.silence,
        );
        const next = await reading.next().finally(() => clearTimeout(silent));
        if (next.done === true) return;
        yield next.value;
      }
    } catch (error) {
      if (error instanceof BucketRefusal) throw error;
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      throw new BucketRefusal(undefined, code, { cause: error });
    } finally {
      // Read to its end it has given its connection back already.
      if (!response.readableEnded) response.destroy();
    }
  }
}

/** What is sent could not be read: that is not the store's doing. */
class FromBody extends Error {}

/** Sends the body as fast as it is taken, and no further than to an answer. */
async function exchange(outgoing: ClientRequest, body: Body | undefined): Promise<IncomingMessage> {
  let isOver = false;
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
    outgoing.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
  });
  const over = answered.then(
    () => void (isOver = true),
    () => void (isOver = true),
  );
  let isWhole = true;
  try {
    for await (const piece of body?.pieces() ?? []) {
      isWhole = !isOver;
      if (isOver) break;
      if (!outgoing.write(piece)) await Promise.race([once(outgoing, 'drain'), over]).catch(() => undefined);
    }
  } catch (error) {
    outgoing.destroy();
    await over;
    throw new FromBody('what is sent could not be read', { cause: error });
  }
  if (isWhole) outgoing.end();
  // The rest is never sent, so that its connection is of no use to another request.
  else
    void answered.then(
      (response) => response.once('close', () => outgoing.destroy()),
      () => undefined,
    );
  return answered;
}

const codeIn = (body: Buffer): string =>
  /^[A-Za-z0-9]{1,64}$/.exec(textsOf(body.toString(), 'Code')[0] ?? '')?.[0] ?? 'without a word';

export const refusalOf = ({ status, body }: Pick<Answer, 'status' | 'body'>): BucketRefusal =>
  new BucketRefusal(status, codeIn(body));

/** What a later try may do better: the store is busy, was interrupted, or two wrote at once. */
function mayDoBetter({ status, body }: Answer): boolean {
  if (status === 501) return false;
  if (status >= 500 || status === 408 || status === 429) return true;
  if (status === 409) return ['OperationAborted', 'ConditionalRequestConflict'].includes(codeIn(body));
  return status === 400 && ['RequestTimeout', 'IncompleteBody'].includes(codeIn(body));
}
