import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { lookEvery, type ServerLimits } from './limits.js';

/**
 * Ends connections on which no request is being answered and none came whole up to its headers for as long as a next one
 * and its headers may take. Node's own time runs anew with every byte, an empty line between two requests as well, so that
 * a connection could be held for ever.
 *
 * Callers are told `keepAlive` (`Keep-Alive: timeout`), and a connection is kept for that much longer than it says: a request
 * that is sent just before the end of it has to find the connection open, although this process was busy meanwhile, or the
 * caller gets a reset and does not know whether his command was done.
 */
export function endIdleConnections(
  server: Server,
  limits: Pick<ServerLimits, 'keepAlive' | 'headers' | 'request'>,
  ended: () => void,
): void {
  const patience = limits.keepAlive + limits.headers;
  const connections = new Map<Socket, { answering: number; idleSince: number; isLate: boolean }>();
  // Under TLS requests come on a socket of their own; until then the handshake has its time.
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    connections.set(socket, { answering: 0, idleSince: performance.now(), isLate: false });
    socket.once('close', () => connections.delete(socket));
  });
  // Before whoever answers: an answer may be given at once.
  server.prependListener('request', (request, response) => {
    const connection = connections.get(request.socket);
    if (connection === undefined) return;
    connection.answering += 1;
    connection.isLate = false;
    response.once('close', () => {
      connection.answering -= 1;
      connection.idleSince = performance.now();
      // After Node has set its own.
      if (connection.answering === 0 && !request.socket.destroyed) request.socket.setTimeout(patience);
    });
  });
  const looking = setInterval(() => {
    const latest = performance.now() - patience;
    for (const [socket, connection] of connections) {
      if (connection.answering > 0 || connection.idleSince > latest) continue;
      // Node answers those that it finds late itself, and after a pause of this process it may be about to.
      if (connection.isLate) {
        connections.delete(socket);
        ended();
        socket.destroy();
      } else connection.isLate = true;
    }
  }, lookEvery(limits)).unref();
  server.once('close', () => clearInterval(looking));
}
