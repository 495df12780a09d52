import { describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { ConfigurationFault, readConfiguration, TEST_OIN } from './configuration.js';

const faultsOf = (args: string[], environment: Record<string, string> = {}): readonly string[] => {
  try {
    readConfiguration(args, environment);
  } catch (error) {
    if (error instanceof ConfigurationFault) return error.faults;
    throw error;
  }
  return [];
};

describe('configuration', () => {
  it('works without any setting, for a participant that can not be real', () => {
    expect(readConfiguration([], {})).toEqual({
      mode: 'development',
      port: 8080,
      host: '127.0.0.1',
      dataDir: resolve('./data'),
      publicBaseUrl: 'http://localhost:8080',
      oin: TEST_OIN,
      participantName: 'Test participant',
      operators: [],
      lagBoundMilliseconds: 5_000,
      decisionLeaseMilliseconds: 2_000,
      logLevel: 'info',
    });
  });

  it('takes an option before its variable, in both spellings', () => {
    const read = readConfiguration(['--port', '9000', '--data-dir=/srv/w'], { PORT: '1', OPERATORS: ' kvk:1, kvk:2,' });
    expect([read.port, read.dataDir, read.operators]).toEqual([9000, '/srv/w', ['kvk:1', 'kvk:2']]);
    expect(read.publicBaseUrl).toBe('http://localhost:9000');
  });

  it('reports every fault at once and shows no password', () => {
    const faults = faultsOf(['--port', '99999', 'stray', '--nonsense', 'x', '--oin'], {
      DATABASE_URL: 'mysql://user:secret@host/db',
      WAARBORG_MODE: 'test',
    });
    expect(faults).toHaveLength(6);
    expect(faults.join()).not.toContain('secret');
  });

  it('takes lists of names for checks, and names the list that holds something else', () => {
    const read = readConfiguration(['--check-systems', 'desk'], { CHECK_SOURCES: 'trade-register, VIS,' });
    expect([read.checkSources, read.checkSystems, read.officialPublications]).toEqual([
      ['trade-register', 'VIS'],
      ['desk'],
      undefined,
    ]);
    const faults = faultsOf(['--check-systems', ','], {
      CHECK_SOURCES: 'trade register',
      PUBLICATIONS: `Staatscourant,${'x'.repeat(65)}`,
    });
    expect(faults.map((fault) => fault.split(' ', 1)[0])).toEqual([
      '--check-sources',
      '--check-systems',
      '--publications',
    ]);
  });

  it('passes over the options that belong to the caller', () => {
    expect(readConfiguration(['--exit', '--port', '1'], {}, ['exit']).port).toBe(1);
  });

  it('asks in production for everything that has a test value otherwise', () => {
    expect(faultsOf(['--mode', 'production'])).toHaveLength(4);
    expect(faultsOf(['--mode', 'production', '--public-base-url', 'http://plain.example']).join()).toContain(
      'https://',
    );
  });

  it('keeps keys and data in different databases', () => {
    const url = 'postgres://host/one';
    expect(faultsOf([], { DATABASE_URL: url, KEYSTORE_URL: url })).toHaveLength(1);
  });
});
