import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, connect, isIP, Socket, type LookupFunction } from 'node:net';
import type { ISocketFactory } from 'kafkajs';

/** Code of the error of a broker that is not on this machine. */
export const BEYOND = 'WAARBORG_BROKER_BEYOND_THIS_MACHINE';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');
const isHere = ({ address, family }: LookupAddress): boolean => LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4');

const beyond = (host: string): Error =>
  Object.assign(new Error(`${host} is not an address of this machine alone`), { code: BEYOND });

/** Every address of a name, as `dns.lookup` finds them. */
export type Resolve = (
  name: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

const KEEP_ALIVE = 60_000;

/**
 * Sockets in plain text that lead to this machine and nowhere else, whatever address a broker gives of itself or of
 * another. A name counts by the address that is then connected to: one that leads to a tunnel's end here may pass.
 */
export function hereOnly(resolve: Resolve = lookup): ISocketFactory {
  const lookupHere: LookupFunction = (name, { all }, callback) =>
    resolve(name, { all: true }, (error, found) => {
      const here = (found ?? []).filter(isHere);
      const fault = error ?? (here.length === 0 ? beyond(name) : null);
      if (fault !== null) return callback(fault, '');
      if (all === true) return callback(null, here);
      callback(null, here[0]!.address, here[0]!.family);
    });

  return ({ host, port, onConnect }) => {
    const family = isIP(host);
    // Numbers are not looked up.
    if (family !== 0 && !isHere({ address: host, family })) return new Socket().destroy(beyond(host));
    return connect({ host, port, lookup: lookupHere }, onConnect).setKeepAlive(true, KEEP_ALIVE);
  };
}
