import { createServer } from 'node:net';

const listen = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? undefined) : undefined));
    });
  });

export const isPortFree = async (port: number): Promise<boolean> => (await listen(port)) !== undefined;

export async function freePort(): Promise<number> {
  const port = await listen(0);
  if (port === undefined) throw new Error('No free port on 127.0.0.1.');
  return port;
}
