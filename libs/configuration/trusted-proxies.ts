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

/**
 * Fewer than so many addresses can be gateways, all together: a network of /7 (IPv4), so that all private networks are
 * within it, and one of /31 (IPv6) beside the private ones; a whole provider gets a /32.
 */
const TOO_MANY_IPV4 = 1n << 25n;
const TOO_MANY_IPV6 = 1n << 97n;
/** Private ones of IPv6 (`fc00::/7`). */
const PRIVATE_FROM = 0xfc00n << 112n;
const PRIVATE_TO = 0xfe00n << 112n;
/** IPv4 within IPv6 (`::ffff:0.0.0.0/96`): a network there holds the connections of IPv4. */
const IPV4_FROM = 0xffffn << 32n;
const IPV4_TO = IPV4_FROM + (1n << 32n);

/** Whether the addresses that `isProxyAddress` takes hold, all together, more than can be gateways. */
export function trustsTooMany(addresses: readonly string[]): boolean {
  const isPrivate = ({ from, to }: Range): boolean => from >= PRIVATE_FROM && to <= PRIVATE_TO;
  const ranges = addresses
    .map(rangeOf)
    .filter((range) => !isPrivate(range))
    .sort((one, other) => (one.from < other.from ? -1 : 1));
  let ipv4 = 0n;
  let all = 0n;
  let counted = 0n;
  for (const { from, to } of ranges) {
    const begin = from > counted ? from : counted;
    if (to <= begin) continue;
    counted = to;
    all += to - begin;
    const within = (to < IPV4_TO ? to : IPV4_TO) - (begin > IPV4_FROM ? begin : IPV4_FROM);
    if (within > 0n) ipv4 += within;
  }
  return ipv4 >= TOO_MANY_IPV4 || all - ipv4 >= TOO_MANY_IPV6;
}

/** The first address, and the one behind the last, as numbers of IPv6. */
interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

function rangeOf(text: string): Range {
  const [, address = '', bits] = PREFIX.exec(text)!;
  const isIpv4 = isIP(address) === 4;
  const free = BigInt(isIpv4 ? 32 - Number(bits ?? 32) : 128 - Number(bits ?? 128));
  const from = (numberOf(isIpv4 ? `::ffff:${address}` : address) >> free) << free;
  return { from, to: from + (1n << free) };
}

function numberOf(address: string): bigint {
  // In one spelling: hexadecimal, at most one `::`.
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [front = [], behind = []] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const groups = [...front, ...Array<string>(8 - front.length - behind.length).fill('0'), ...behind];
  return groups.reduce((number, group) => (number << 16n) | BigInt(`0x${group}`), 0n);
}
