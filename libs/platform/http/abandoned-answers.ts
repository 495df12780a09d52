import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Closes the answers to requests that were sent one behind the other without waiting, when their connection ends before it
 * was their turn. Node closes the one whose turn it was, and leaves the others open for ever, with everything that waits for
 * their end: bodies that are held, connections to an app.
 */
export function closeAbandonedAnswers(server: Server): void {
  const waiting = new WeakMap<Socket, Set<ServerResponse>>();
  // Before whoever answers: an answer may be given at once.
  server.prependListener('request', ({ socket }, response) => {
    const answers = waiting.get(socket) ?? new Set();
    if (!waiting.has(socket)) {
      waiting.set(socket, answers);
      socket.once('close', () => {
        for (const answer of answers) {
          if (answer.socket !== null) continue;
          answer.destroy();
          answer.emit('close');
        }
      });
    }
    answers.add(response);
    response.once('close', () => answers.delete(response));
  });
}
