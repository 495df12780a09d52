// The proxies of a run, in a process of their own: what passes them must not wait for whoever counts and compares.
import { register } from 'node:module';

register('../../../libs/testing/eventstoredb-double/typescript.mjs', import.meta.url);
// The index of that library is for specs: what it brings along runs in jest only.
const { tcpProxy } = await import(new URL('../../../libs/testing/tcp-proxy.ts', import.meta.url).href);

const proxies = new Map();
process.on('message', async ({ made, name, target, does, toxics }) => {
  if (target === undefined) return void proxies.get(name)?.[does](toxics);
  const proxy = await tcpProxy(target);
  proxies.set(name, proxy);
  process.send({ made, port: Number(new URL(proxy.through('http://proxy')).port) });
});
// Nobody is left who could end it.
process.on('disconnect', () => process.exit(0));
process.send({ made: 'process' });
