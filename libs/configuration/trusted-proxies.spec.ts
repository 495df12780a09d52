import { expect, it } from '@jest/globals';
import { isProxyAddress, trustedProxies, trustsTooMany } from './trusted-proxies.js';

it('a proxy is named by address or network, and never by all of them', () => {
  for (const good of ['10.1.2.3', '10.0.0.0/8', '::1', 'fd00::/8', '192.0.2.0/32']) {
    expect([good, isProxyAddress(good)]).toEqual([good, true]);
  }
  for (const bad of ['gateway', '10.0.0', '10.0.0.0/33', '0.0.0.0/0', '::/0', 'fd00::/129', '', '10.0.0.1/', '*']) {
    expect([bad, isProxyAddress(bad)]).toEqual([bad, false]);
  }
});

it('a connection is a proxy’s by its own address, in either spelling', () => {
  const proxies = trustedProxies(['10.1.0.0/16', '192.0.2.7', 'fd00::5']);
  for (const one of ['10.1.255.255', '::ffff:10.1.2.3', '192.0.2.7', '::FFFF:192.0.2.7', 'fd00::5', 'fd00:0::5']) {
    expect([one, proxies.includes(one)]).toEqual([one, true]);
  }
  for (const other of ['10.2.0.1', '192.0.2.8', 'fd00::6', '::1', '127.0.0.1', undefined, '', 'localhost']) {
    expect([other, proxies.includes(other)]).toEqual([other, false]);
  }
  expect(trustedProxies([]).includes('127.0.0.1')).toBe(false);
});

it('networks that hold more than can be gateways are seen, however they are put together', () => {
  for (const few of [
    '10.0.0.0/8',
    '10.0.0.0/9,10.128.0.0/9,10.3.0.0/16,10.0.0.0/8,10.1.2.3,::ffff:10.0.0.0/104',
    '11.0.0.0/9,10.0.0.0/9,fd00::/33,fd00:0:8000::/33',
    'fd12:3456::/32,2001:db8::1,10.0.0.0/8',
    // The private ones, all of them.
    '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7,fd00::/8',
    '::1',
    '',
  ]) {
    expect([few, trustsTooMany(few.split(',').filter((one) => one !== ''))]).toEqual([few, false]);
  }
  for (const many of [
    '0.0.0.0/1,128.0.0.0/1',
    '10.0.0.0/7',
    '10.0.0.0/8,192.0.2.1,11.0.0.0/8',
    // Every connection of IPv4 is one of these to a socket for both.
    '::ffff:0:0/96',
    '::ffff:0.0.0.0/96',
    '::ffff:10.0.0.0/103',
    '::/33',
    '::/32',
    '::/1,8000::/1',
    '2001:db8::/31',
    'f800::/6',
    '2001:db8::/32,2001:dba::/32',
  ]) {
    expect([many, trustsTooMany(many.split(','))]).toEqual([many, true]);
  }
});
