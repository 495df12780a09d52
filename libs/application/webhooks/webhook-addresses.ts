import { BlockList, isIP } from 'node:net';

/** Where an installation lets webhooks go. */
export interface WebhookSettings {
  /** `http:` as well, besides `https:`. */
  readonly allowHttp: boolean;
  /** Networks (`10.1.0.0/16`, `fd00::/8`) and single addresses of the inside that may be told all the same. */
  readonly allowed: readonly string[];
}

/** Judges where webhooks may go: an address as it is given, and a number of the network as it was found for it. */
export interface WebhookAddresses {
  /** Whether the address may be subscribed with: its form, and its number where it holds one. */
  isAllowed(address: string): boolean;
  /** Whether it may be connected to. Asked about the very number that is connected to, at every attempt. */
  mayConnect(number: string): boolean;
}

/**
 * Everything of IPv4 that is not for the world at large (RFC 6890 and its register): this network, private, shared by
 * carriers, loopback, link-local (with the metadata of clouds), special and for documents, benchmarks, groups, reserved.
 */
const INSIDE = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16'],
  ...['192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
/**
 * Of IPv6 what is for the world at large is one block; in it lie tunnels and translations, which lead to other numbers,
 * and what is for documents. Mapped IPv4, unique local and link-local numbers lie outside of it.
 */
const WORLD = '2000::/3';
const INSIDE_WORLD = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const isMapped = /^(?:0{0,4}:){2,5}ffff:/i;

export function webhookAddresses({ allowHttp, allowed }: WebhookSettings): WebhookAddresses {
  const [inside, world, exceptions] = [listOf([...INSIDE, ...INSIDE_WORLD]), listOf([WORLD]), listOf(allowed)];

  const mayConnect = (number: string): boolean => {
    const family = isIP(number);
    if (family === 0 || number.includes('%')) return false;
    const type = family === 4 ? 'ipv4' : 'ipv6';
    // A mapped number is none of its own: it is not held against the rules of the other family, nor is it an exception.
    if (family === 6 && isMapped.test(number)) return false;
    if (exceptions.check(number, type)) return true;
    return !inside.check(number, type) && (family === 4 || world.check(number, type));
  };

  return {
    mayConnect,
    isAllowed(address) {
      if (!URL.canParse(address)) return false;
      const { protocol, username, password, hash, hostname } = new URL(address);
      if (protocol !== 'https:' && !(allowHttp && protocol === 'http:')) return false;
      if (username !== '' || password !== '' || hash !== '' || address.includes('#')) return false;
      const number = numberIn(hostname);
      return number === undefined || mayConnect(number);
    },
  };
}

/** The number that stands in an address instead of a name, as a URL has it: whichever way it was written. */
export function numberIn(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) === 0 ? undefined : bare;
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [number, bits] = network.split('/') as [string, string?];
    const type = isIP(number) === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(number, type);
    else list.addSubnet(number, Number(bits), type);
  }
  return list;
}
