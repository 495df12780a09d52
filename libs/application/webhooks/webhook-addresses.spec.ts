import { describe, expect, it } from '@jest/globals';
import { webhookAddresses } from './webhook-addresses.js';

const strict = webhookAddresses({ allowHttp: false, allowed: [] });

describe('where webhooks may go', () => {
  it.each([
    ...['https://receiver.example/hook', 'https://receiver.example:8443/?token=a', 'https://93.184.216.34/'],
    ...['https://[2606:2800:220:1:248:1893:25c8:1946]/', 'https://xn--bcher-kva.example/'],
  ])('takes %s', (address) => {
    expect(strict.isAllowed(address)).toBe(true);
  });

  it.each([
    ...['http://receiver.example/', 'ftp://receiver.example/', 'file:///etc/passwd', 'receiver.example', 'https://'],
    ...['https://name@receiver.example/', 'https://name:word@receiver.example/', 'https://receiver.example/#part'],
    ...['https://receiver.example/#', 'https://127.0.0.1/', 'https://127.1/', 'https://2130706433/', 'https://0x7f.1/'],
    ...['https://0177.0.0.1/', 'https://127.0.0.1.:443/', 'https://[::1]/', 'https://[::ffff:127.0.0.1]/'],
    ...['https://[::ffff:a9fe:a9fe]/', 'https://169.254.169.254/latest/meta-data', 'https://0.0.0.0/', 'https://0/'],
  ])('refuses %s', (address) => {
    expect(strict.isAllowed(address)).toBe(false);
  });

  it.each([
    ...['93.184.216.34', '1.1.1.1', '172.15.255.255', '172.32.0.1', '100.63.255.255', '100.128.0.1', '223.255.255.255'],
    ...['2606:4700:4700::1111', '2a00:1450::1', '2001:200::1'],
  ])('connects to %s', (number) => {
    expect(strict.mayConnect(number)).toBe(true);
  });

  it.each([
    ...['127.0.0.1', '127.255.255.254', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254'],
    ...['100.64.0.1', '100.127.255.255', '0.0.0.0', '0.1.2.3', '192.0.0.192', '192.0.2.1', '192.88.99.1', '198.18.0.1'],
    ...['198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::ffff:8.8.8.8', '::ffff:7f00:1', '0:0:0:0:0:ffff:0808:0808', '::8.8.8.8', '64:ff9b::808:808'],
    ...['64:ff9b:1::1', '100::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1'],
    ...['2001::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', 'not a number', ''],
  ])('does not connect to %s', (number) => {
    expect(strict.mayConnect(number)).toBe(false);
  });

  it('lets the installation allow networks of the inside, and no others', () => {
    const allowing = webhookAddresses({ allowHttp: true, allowed: ['10.1.0.0/16', '127.0.0.1', 'fd00:1::/32'] });
    for (const number of ['10.1.2.3', '127.0.0.1', 'fd00:1::5', '93.184.216.34']) {
      expect([number, allowing.mayConnect(number)]).toEqual([number, true]);
    }
    for (const number of ['10.2.0.1', '127.0.0.2', 'fd00:2::5', '::ffff:127.0.0.1', '::ffff:10.1.2.3']) {
      expect([number, allowing.mayConnect(number)]).toEqual([number, false]);
    }
    expect(allowing.isAllowed('http://127.0.0.1:8080/hook')).toBe(true);
    expect(allowing.isAllowed('http://receiver.example/')).toBe(true);
    expect(allowing.isAllowed('http://[::ffff:127.0.0.1]/')).toBe(false);
  });
});
