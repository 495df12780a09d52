import { request as requestPlainly, type IncomingMessage } from 'node:http';
import { request as requestSecurely } from 'node:https';
import type { LookupFunction } from 'node:net';
import { numberIn, type WebhookAddresses } from '#libs/application';
import { namesOf, type FindNumbers } from './find-numbers.js';

/** What came of one attempt: an answer, or why there was none, in words that name no address. */
export type Posted = { readonly status: number; readonly retryAfter?: string } | { readonly failed: string };

export interface Posting {
  readonly addresses: WebhookAddresses;
  /** Every number of a name. Asked once for each attempt: what it finds is judged, and is what is connected to. */
  readonly resolve?: FindNumbers;
  /** For the whole attempt, in milliseconds. */
  readonly limit: number;
  /** Certificates of authorities, where the usual ones are not meant. */
  readonly ca?: string;
}

/** So much of an answer is read: what it says beyond its status is of no interest. */
const ANSWER_LIMIT = 64 * 1024;
const HEADER_LIMIT = 16 * 1024;
const REFUSED = 'ADDRESS_REFUSED';

/**
 * Sends a body once. Follows no redirect, keeps no connection, and connects to no number that is not allowed: the name is
 * resolved once, its numbers are judged, and the connection goes to one of these, so that a name that changes its mind
 * between both leads nowhere else.
 */
export async function postWebhook(
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  { addresses, resolve = everyNumber, limit, ca }: Posting,
  signal: AbortSignal,
): Promise<Posted> {
  const url = new URL(address);
  // Settings may have changed since it was subscribed; a number is connected to without being resolved.
  if (!addresses.isAllowed(address)) return { failed: 'the address is not allowed' };
  const number = numberIn(url.hostname);
  const over = new AbortController();
  const pinned: LookupFunction = (hostname, options, done) => {
    resolve(hostname, over.signal).then(
      (found) => {
        const first = found[0];
        if (first === undefined || !found.every((one) => addresses.mayConnect(one.address))) {
          return done(Object.assign(new Error('not allowed'), { code: REFUSED }), '', 0);
        }
        if (options.all === true) return done(null, [...found]);
        done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, '', 0),
    );
  };
  return new Promise((settle) => {
    let answer: IncomingMessage | undefined;
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      sending.destroy();
      over.abort();
    };
    const give = (posted: Posted): void => {
      end();
      settle(posted);
    };
    /** What was answered stands, however the rest of it went. */
    const giveAnswer = (): void => {
      const retryAfter = answer!.headers['retry-after'];
      give({ status: answer!.statusCode!, ...(retryAfter === undefined ? {} : { retryAfter }) });
    };
    const fail = (reason: string): void => (answer === undefined ? give({ failed: reason }) : giveAnswer());
    const onAbort = (): void => fail('interrupted');
    const timer = setTimeout(() => fail(`no answer within ${limit} ms`), limit);
    const send = url.protocol === 'https:' ? requestSecurely : requestPlainly;
    const sending = send(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        agent: false,
        maxHeaderSize: HEADER_LIMIT,
        ...(number === undefined ? { lookup: pinned } : {}),
        ...(ca === undefined ? {} : { ca }),
      },
      (response) => {
        answer = response;
        let read = 0;
        response.on('data', (chunk: Buffer) => {
          read += chunk.length;
          if (read > ANSWER_LIMIT) giveAnswer();
        });
        response.on('end', giveAnswer);
        response.on('error', giveAnswer);
      },
    );
    sending.on('error', (error: NodeJS.ErrnoException) => fail(reasonOf(error)));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    sending.end(body);
  });
}

const everyNumber = namesOf();

/** Codes name what went wrong; messages name the address. */
function reasonOf({ code }: NodeJS.ErrnoException): string {
  if (code === REFUSED) return 'the address is not allowed';
  return code !== undefined && /^[A-Z_0-9]{3,60}$/.test(code) ? `no answer (${code})` : 'no answer';
}
