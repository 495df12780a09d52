import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A request as it came in. */
export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly at: number;
}

export interface Receiver {
  /** Its address on this machine, without a path. */
  readonly url: string;
  readonly port: number;
  readonly received: readonly Received[];
  /** How many connections were made to it. */
  connections(): number;
  close(): Promise<void>;
}

export type Answering = (received: Received, response: ServerResponse, request: IncomingMessage) => void;

export const answering =
  (status: number, headers: Readonly<Record<string, string>> = {}): Answering =>
  (_received, response) =>
    void response.writeHead(status, headers).end();

/** A receiver of webhooks on this machine, which answers as it is told to. */
export async function receiver(
  answer: Answering = answering(204),
  tls?: { readonly key: string; readonly cert: string },
): Promise<Receiver> {
  const received: Received[] = [];
  let connections = 0;
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = {
        path: request.url ?? '',
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString(),
        at: performance.now(),
      };
      received.push(one);
      answer(one, response, request);
    });
  };
  const server = tls === undefined ? createServer(onRequest) : createSecureServer(tls, onRequest);
  server.on('connection', () => void (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    received,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
