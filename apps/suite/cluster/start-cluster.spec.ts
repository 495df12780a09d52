import { expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testAuthority } from '#libs/testing';
import { startCluster } from './start-cluster.js';

it('a cluster on one machine starts nothing with a certificate that its processes would all take', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waarborg-cluster-'));
  try {
    const { certificate, key } = testAuthority();
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await writeFile(certFile, certificate);
    await writeFile(keyFile, key, { mode: 0o600 });
    const dataDir = join(folder, 'data');
    const args = ['--data-dir', dataDir, '--tls-cert-file', certFile, '--tls-key-file', keyFile];
    await expect(startCluster(args, () => undefined)).rejects.toThrow(/take TLS_CERT_FILE and TLS_KEY_FILE away/);
    expect(await readdir(folder)).not.toContain('data');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
