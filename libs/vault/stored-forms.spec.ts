import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { streamId, type KeyHolder } from '#libs/kernel';
import type { KeyProvider } from './keys/key-provider.js';
import { vaultOf } from './open-vault.js';
import { holderName, memoryKeyData, memoryKeyStore } from './store/memory-key-store.js';

// What is stored stays stored: these texts were made by the first release and have to open, and match, in every later one.
const keys: KeyProvider = {
  all: async (name) => [{ id: `${name}-1-0a1b2c3d`, key: createSecretKey(Buffer.alloc(32, name)), madeAt: 0 }],
  begin: async () => undefined,
};
const holder: KeyHolder = { kind: 'document', id: 'd-1' };
const place = { stream: streamId('person', 'p-1'), eventId: 'event-1', member: 'number' };

const openFirstRelease = () => {
  const data = memoryKeyData();
  data.objectKeys.set(holderName(holder), {
    wrapped: Buffer.from(WRAPPED, 'base64url'),
    masterKeyId: 'master-1-0a1b2c3d',
  });
  return vaultOf(memoryKeyStore(data), keys);
};

const WRAPPED = 'AbfOJj9HGW-oBzNaHq35xkzvvmb6JtejH2Qi1PKI-sII1mfOPAG6NU6jHWMGeJk5xHRj_FHBpwTGkzrF';
const SEALED = 'v1.document.d-1.OT_5eksSxTxNtOQQ.d4AL3b-4OgwgoNqSxGFsTneufQBGE4eMRf5O';

describe('stored forms', () => {
  it('open what the first release sealed', async () => {
    const { sealer } = await openFirstRelease();
    expect(await sealer.open(place, SEALED)).toBe('"SPECI2014"');
  });

  it('hash a value as the first release did', async () => {
    const vault = await openFirstRelease();
    expect(await vault.lookupHash('email', 'a@example.org')).toBe(
      'v1.lookup-1-0a1b2c3d.EP38lgDNkcuXPZk9kd5fP0DySgEyXJfPSIV4K_aQ4ro',
    );
  });

  it('hash a request as the first release did, with a holder and without', async () => {
    const vault = await openFirstRelease();
    expect(await vault.requestHash('{"a":1}')).toBe('v1.lookup-1-0a1b2c3d.bgasKYTocvAsCsjf4_eqb8RtfKlBrj60EUwqVUILvtk');
    expect(await vault.requestHash('{"a":1}', holder)).toBe(
      'v1.document.d-1.qRVVQ8ZQV1U1bBvKiuk3A1FRgH0TV-zF67ujnH5dlMI',
    );
  });
});
