import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server as TlsServer, type TLSSocket } from 'node:tls';
import type { UnreadableReason, UnreadableRecorder } from '../telemetry/unreadable.js';
import type { EdgeHeaders } from './edge-headers.js';

/** Why something that came in is no request of a route, and how that is answered. */
interface Unread {
  readonly status: number;
  readonly phrase: string;
  readonly reason: UnreadableReason;
  readonly detail: string;
}

const MALFORMED: Unread = {
  ...{ status: 400, phrase: 'Bad Request', reason: 'malformed' },
  detail: 'The request could not be read as HTTP.',
};

/** By what Node says went wrong. */
const BY_CODE: Readonly<Record<string, Unread>> = {
  HPE_HEADER_OVERFLOW: {
    ...{ ...MALFORMED, status: 431, phrase: 'Request Header Fields Too Large', reason: 'headers-too-large' },
  },
  ERR_HTTP_REQUEST_TIMEOUT: { ...MALFORMED, status: 408, phrase: 'Request Timeout', reason: 'late' },
};

const TUNNEL: Unread = { ...MALFORMED, reason: 'unsupported', detail: 'There is no tunnel through this server.' };
const EXPECTATION: Unread = {
  ...{ status: 417, phrase: 'Expectation Failed', reason: 'unsupported' },
  detail: 'Nothing but 100-continue can be expected.',
};

/**
 * Answers what never gets a route because Node deals with it by itself: a broken request line, headers over the limit, a
 * tunnel, an expectation. Node would answer without a word to the log, or close.
 */
export class UnreadRequests {
  readonly #headers: EdgeHeaders;
  readonly #record: UnreadableRecorder;

  constructor(headers: EdgeHeaders, record: UnreadableRecorder) {
    this.#headers = headers;
    this.#record = record;
  }

  /** What Node could not read as a request (its event `clientError`). */
  readonly broken = (error: NodeJS.ErrnoException, socket: Duplex): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    this.#end(socket, BY_CODE[error.code ?? ''] ?? MALFORMED, error.code);
  };

  /** What Node could read and hands to nobody. */
  watch(server: Server): void {
    if (server instanceof TlsServer) {
      // Node would hand it to `broken`, whose answer nobody can be told without a handshake: the connection stayed for ever.
      server.removeAllListeners('tlsClientError');
      server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
        socket.destroy();
        const reason = error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT' ? 'late' : 'malformed';
        if (error.code !== 'ECONNRESET') this.#record({ reason, code: error.code });
      });
    }
    server.on('connect', (_request, socket: Duplex) => {
      socket.on('error', () => socket.destroy());
      this.#end(socket, TUNNEL, 'CONNECT');
    });
    server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      const { headers, body } = this.#answer(EXPECTATION, 'Expect', request);
      response.writeHead(EXPECTATION.status, headers).end(body);
    });
  }

  #end(socket: Duplex, unread: Unread, code: string | undefined): void {
    const { headers, body } = this.#answer(unread, code);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${unread.status} ${unread.phrase}\r\n${lines.join('')}\r\n${body}`);
  }

  #answer(
    { status, phrase, reason, detail }: Unread,
    code: string | undefined,
    request: IncomingMessage = { headers: {} } as IncomingMessage,
  ): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
    const made = { ...this.#headers.fixed, ...this.#headers.of(request) };
    this.#record({ reason, status, trace: made['Trace-Id']!, code });
    const instance = `urn:trace:${made['Trace-Id']}`;
    const body = JSON.stringify({ type: 'about:blank', title: phrase, status, detail, code: 'bad-request', instance });
    return {
      headers: {
        ...made,
        'Content-Type': 'application/problem+json; charset=utf-8',
        // What the caller prefers was not read.
        'Content-Language': 'en',
        'Content-Length': String(Buffer.byteLength(body)),
        Connection: 'close',
      },
      body,
    };
  }
}
