import { BlockList, isIP } from 'node:net';

/** Addresses of the gateways that the configuration names. */
export interface TrustedProxies {
  /** Whether a connection comes from one of them, by its own address and never by a header. */
  includes(address: string | undefined): boolean;
}

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const PREFIX = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i;

/** Whether it is an address, or a network as `10.0.0.0/8`. One that holds every address trusts everybody, and is none. */
export const isProxyAddress = (text: string): boolean => {
  const [, address = '', bits] = PREFIX.exec(text) ?? [];
  const most = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : 0;
  return most > 0 && (bits === undefined || (Number(bits) > 0 && Number(bits) <= most));
};

/** Of addresses and networks that `isProxyAddress` takes. */
export function trustedProxies(addresses: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const text of addresses) {
    const [, address, bits] = PREFIX.exec(text)!;
    const family = isIP(address!) === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(address!, family);
    else list.addSubnet(address!, Number(bits), family);
  }
  return {
    includes(address) {
      if (address === undefined) return false;
      // A socket for both families shows an IPv4 address as one of IPv6.
      const plain = MAPPED.exec(address)?.[1] ?? address;
      const family = isIP(plain);
      return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
    },
  };
}
