import { describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onWindows, PRODUCTION_SETTINGS, unless } from '#libs/testing';
import { ConfigurationFault, readConfiguration } from './configuration.js';

const SECRET = 'ge/heim+of=zo';
const credentials = { id: 'AKID', secret: SECRET };
const read = (environment: Record<string, string>, args: readonly string[] = [], listed: readonly string[] = []) =>
  readConfiguration(args, environment, [], listed);
const faultsOf = (...asked: Parameters<typeof read>): readonly string[] => {
  try {
    read(...asked);
  } catch (error) {
    if (error instanceof ConfigurationFault) return error.faults;
    throw error;
  }
  return [];
};
const evidence = (address: string) => ({ EVIDENCE_STORE: address, EVIDENCE_STORE_CREDENTIALS: `AKID:${SECRET}` });
const log = (address: string) => ({ LOG_BUCKET: address, LOG_BUCKET_CREDENTIALS: `AKID:${SECRET}` });

describe('the bucket of evidence', () => {
  it('is read from its address', () => {
    const asAws = read(evidence('s3://evidence/of/us?region=eu-central-1&lock=compliance'));
    expect(asAws.evidenceStore).toEqual({
      ...{ endpoint: 'https://s3.eu-central-1.amazonaws.com', region: 'eu-central-1', bucket: 'evidence' },
      ...{ prefix: 'of/us/', style: 'host', lock: 'compliance', credentials },
    });
    const own = read(evidence('s3://a.b?endpoint=https://store.example:9000&lock=none'));
    expect(own.evidenceStore).toEqual({
      ...{ endpoint: 'https://store.example:9000', region: 'us-east-1', bucket: 'a.b', prefix: '', style: 'path' },
      credentials,
    });
    expect(read({})).not.toHaveProperty('evidenceStore');
  });

  it.each([
    ['evidence', 's3://bucket/prefix'],
    ['https://store.example/evidence', 's3://bucket/prefix'],
    ['s3://AB?region=r', 's3://bucket/prefix'],
    ['s3://id:secret@evidence?region=r', 's3://bucket/prefix'],
    ['s3://evidence', 'endpoint or region'],
    ['s3://evidence?region=r&region=q', 'once each at most'],
    ['s3://evidence?region=r&acl=public', 'once each at most'],
    ['s3://evidence/../x?region=r', 'prefix'],
    ['s3://evidence/a//b?region=r', 'prefix'],
    ['s3://evidence/a%2fb?region=r', 'prefix'],
    ['s3://evidence?region=a.b', 'region'],
    ['s3://evidence?region=r&style=virtual', 'style is path or host'],
    ['s3://evidence?region=r&lock=yes', 'lock is none, governance, compliance'],
    ['s3://evidence?endpoint=store.example', 'endpoint is https'],
    ['s3://evidence?endpoint=ftp://store.example', 'endpoint is https'],
    ['s3://evidence?endpoint=https://store.example/path', 'endpoint is https'],
    ['s3://evidence?endpoint=https://u:p@store.example', 'endpoint is https'],
    ['s3://a.b?region=r', 'style=path'],
    ['s3://evidence?endpoint=https://127.0.0.1:9000&style=host', 'style=path'],
  ])('is no other address: %s', (address, expected) => {
    expect(faultsOf(evidence(address))).toEqual([expect.stringContaining(expected)]);
  });

  it('comes with who we are there, by a file or the environment, and neither without the other', () => {
    const place = 's3://evidence?region=r';
    for (const wrong of ['AKID', 'AKID:', ':secret', 'AKID:with blank', '']) {
      const faults = faultsOf({ EVIDENCE_STORE: place, EVIDENCE_STORE_CREDENTIALS: wrong });
      expect(faults).toEqual([expect.stringContaining('as id:secret')]);
      if (wrong !== '') expect(faults.join()).not.toContain(`"${wrong}"`);
    }
    const alone = faultsOf({ EVIDENCE_STORE_CREDENTIALS: `AKID:${SECRET}` });
    expect(alone).toEqual([expect.stringContaining('left out without --evidence-store')]);
    expect(alone.join()).not.toContain(SECRET);
    const args = ['--evidence-store-credentials', `AKID:${SECRET}`];
    const listed = faultsOf({ EVIDENCE_STORE: place }, args, args);
    expect(listed).toEqual([expect.stringContaining('EVIDENCE_STORE_CREDENTIALS_FILE')]);
    expect(listed.join()).not.toContain(SECRET);
  });

  it('stands in the place of the folder, and apart from the log that everybody may read', () => {
    expect(faultsOf({ ...evidence('s3://one?region=r'), EVIDENCE_DIR: '/srv/e' })).toEqual([
      expect.stringContaining('both given'),
    ]);
    expect(faultsOf({ ...log('s3://one?region=r'), LOG_DIR: '/srv/l' })).toEqual([
      expect.stringContaining('both given'),
    ]);
    expect(faultsOf({ ...evidence('s3://one/a?region=r'), ...log('s3://one/b?region=r') })).toEqual([
      expect.stringContaining('another bucket'),
    ]);
    expect(faultsOf(log('s3://one?region=r&lock=none'))).toEqual([expect.stringContaining('once each at most')]);
    expect(read(log('s3://one?region=r')).logBucket).toMatchObject({ bucket: 'one', credentials });
  });
});

describe('a bucket in production', () => {
  it('is spoken to by TLS beyond this machine, and says whether it locks', () => {
    const inProduction = (given: Record<string, string>) => faultsOf({ ...PRODUCTION_SETTINGS, ...given });
    expect(inProduction(evidence('s3://one?endpoint=https://store.example&lock=none'))).toEqual([]);
    expect(inProduction(evidence('s3://one?endpoint=http://127.0.0.1:9000&lock=governance'))).toEqual([]);
    expect(inProduction(evidence('s3://one?region=r'))).toEqual([expect.stringContaining('lock=compliance')]);
    expect(inProduction(evidence('s3://one?endpoint=http://store.example&lock=none'))).toEqual([
      expect.stringContaining('EVIDENCE_STORE names a server beyond this machine over plain HTTP'),
    ]);
    expect(inProduction(log('s3://one?endpoint=http://store.example'))).toEqual([
      expect.stringContaining('LOG_BUCKET names a server beyond this machine over plain HTTP'),
    ]);
  });

  unless(onWindows('has no modes of files')).it('has its credentials where nobody else reads them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'waarborg-bucket-'));
    try {
      const path = join(folder, 'credentials');
      writeFileSync(path, `AKID:${SECRET}\n`);
      const given = {
        ...PRODUCTION_SETTINGS,
        ...{ EVIDENCE_STORE: 's3://one?region=r&lock=none', EVIDENCE_STORE_CREDENTIALS_FILE: path },
      };
      chmodSync(path, 0o600);
      expect(read(given).evidenceStore).toMatchObject({ credentials });
      chmodSync(path, 0o644);
      expect(faultsOf(given)).toEqual([expect.stringContaining('every user of this machine may read')]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
