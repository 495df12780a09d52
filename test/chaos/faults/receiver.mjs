import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

/** Every so manieth answer is lost: the sender can't know, and sends again. */
const LOST = 40;

/** A receiver of webhooks on this machine, which answers as it is told to. `checker` hears of what it took. */
export async function receiver(checker) {
  let webhook;
  let manner = 'well';
  let slowness = 0;
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      if (manner === 'failing') return void response.writeHead(500).end();
      const body = Buffer.concat(chunks).toString();
      let event;
      try {
        event = webhook.verify(body, request.headers);
      } catch {
        checker.unsigned += 1;
        return void response.writeHead(401).end();
      }
      if (event.id !== request.headers['webhook-id']) checker.unsigned += 1;
      checker.took({ stream: event.subject, id: event.id });
      if (checker.taken % LOST === 1) return void request.socket.destroy();
      if (manner === 'slow') await delay(slowness);
      response.writeHead(204).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** The secret of the subscription; nothing comes before it is known. */
    knows: (secret) => (webhook = new Webhook(secret)),
    slow(milliseconds) {
      [manner, slowness] = ['slow', milliseconds];
    },
    fail: () => (manner = 'failing'),
    heal: () => (manner = 'well'),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
