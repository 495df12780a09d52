import { spawnSync } from 'node:child_process';
import { constants, createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Printer } from './printer.js';

interface Question {
  readonly url: string;
  /** A token of the network. */
  readonly token: string;
  readonly body: object;
}

/** Asks once more and checks the answer as whoever is shown it would: with the published key, also by openssl alone. */
export async function checkSignedAnswer({ url, token, body }: Question, print: Printer): Promise<void> {
  print.chapter('An answer that anybody can check');
  const answer = await fetch(`${url}/access/v1/evaluation`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const digest = answer.headers.get('digest') ?? '';
  const [header = '', , signature = ''] = (answer.headers.get('payload-signature') ?? '').split('.');
  const { kid, alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as {
    readonly kid: string;
    readonly alg: keyof typeof FORMS;
  };
  const published = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as {
    readonly keys: readonly (JsonWebKey & { readonly kid: string })[];
  };
  const jwk = published.keys.find((one) => one.kid === kid);
  if (jwk === undefined) throw new Error(`the key ${kid} of an answer is not published`);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const signed = Buffer.from(`${header}.digest: ${digest}`);
  const raw = Buffer.from(signature, 'base64url');
  if (!verify('sha256', signed, { key, ...FORMS[alg].node }, raw)) throw new Error('the signature is not good');
  print.text(`Its signature is by the key ${kid} of /.well-known/jwks.json, over the digest of the answer.`);

  const folder = await mkdtemp(join(tmpdir(), 'waarborg-demo-'));
  try {
    const files = {
      key: join(folder, 'key.pem'),
      signature: join(folder, 'signature.der'),
      signed: join(folder, 'signed'),
    };
    await writeFile(files.key, key.export({ type: 'spki', format: 'pem' }));
    await writeFile(files.signature, FORMS[alg].file(raw));
    await writeFile(files.signed, signed);
    const { error, stdout } = spawnSync(
      'openssl',
      ['dgst', '-sha256', ...FORMS[alg].openssl, '-verify', files.key, '-signature', files.signature, files.signed],
      { encoding: 'utf8' },
    );
    if (error !== undefined) print.text('openssl: not run: it is not on this machine');
    else if (!stdout.includes('Verified OK')) throw new Error(`openssl does not take the signature: ${stdout}`);
    else print.text(`openssl, with that key alone: ${stdout.trim()}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How each algorithm of JOSE is checked (RFC 7518). */
const FORMS = {
  ES256: { node: { dsaEncoding: 'ieee-p1363' }, openssl: [], file: derOf },
  PS256: {
    node: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
    openssl: ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32'],
    file: (raw: Buffer): Buffer => raw,
  },
} as const;

/** JOSE has both numbers of a signature side by side, openssl wants them as DER (RFC 3279). */
function derOf(raw: Buffer): Buffer {
  const number = (bytes: Buffer): Buffer => {
    const first = bytes.findIndex((byte) => byte !== 0);
    const short = bytes.subarray(Math.max(0, first));
    const positive = short[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short;
    return Buffer.concat([Buffer.from([2, positive.length]), positive]);
  };
  const numbers = Buffer.concat([number(raw.subarray(0, raw.length / 2)), number(raw.subarray(raw.length / 2))]);
  return Buffer.concat([Buffer.from([0x30, numbers.length]), numbers]);
}
