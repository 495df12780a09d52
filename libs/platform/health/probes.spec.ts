import { describe, expect, it } from '@jest/globals';
import { probeRegistry } from './probes.js';

describe('readiness', () => {
  it('is there only when every probe is fine', async () => {
    const probes = probeRegistry();
    expect(await probes.check()).toEqual({ ready: true, probes: [] });
    probes.register({
      name: 'projection means',
      check: () => ({ fine: true, position: '7', lag: 0, ageMilliseconds: 12 }),
    });
    expect((await probes.check()).ready).toBe(true);
    probes.register({ name: 'store', check: () => Promise.resolve({ fine: false, reason: 'away' }) });
    expect(await probes.check()).toEqual({
      ready: false,
      probes: [
        { name: 'projection means', fine: true, position: '7', lag: 0, ageMilliseconds: 12 },
        { name: 'store', fine: false, reason: 'away' },
      ],
    });
  });

  it('takes silence and errors for "not fine"', async () => {
    const probes = probeRegistry(20);
    probes.register({ name: 'silent', check: () => new Promise(() => undefined) });
    probes.register({
      name: 'broken',
      check: () => {
        throw new TypeError('x');
      },
    });
    expect((await probes.check()).probes).toEqual([
      { name: 'silent', fine: false, reason: 'no answer within 20 ms' },
      { name: 'broken', fine: false, reason: 'TypeError' },
    ]);
  });

  it('knows no two probes of one name', () => {
    const probes = probeRegistry();
    probes.register({ name: 'a', check: () => ({ fine: true }) });
    expect(() => probes.register({ name: 'a', check: () => ({ fine: true }) })).toThrow('twice');
  });
});
