import { expect, it } from '@jest/globals';
import { isProxyAddress, trustedProxies } from './trusted-proxies.js';

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
