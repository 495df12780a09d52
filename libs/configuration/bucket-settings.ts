import { isLoopback } from './loopback.js';
import type { SettingReader } from './kafka-settings.js';

/** A place in an S3-compatible store. */
export interface BucketSettings {
  /** Origin of the server. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** In front of every key: empty, or ending in `/`. */
  readonly prefix: string;
  /** Whether the bucket is named in the path, or in front of the host. */
  readonly style: 'path' | 'host';
  readonly credentials: { readonly id: string; readonly secret: string };
}

/** The same of evidence, which may be locked. */
export interface EvidenceStoreSettings extends BucketSettings {
  /** How what is kept is locked; absent: it is not. */
  readonly lock?: 'governance' | 'compliance';
}

/** Command line option → environment variable. */
export const BUCKET_OPTIONS = {
  'evidence-store': 'EVIDENCE_STORE',
  'evidence-store-credentials': 'EVIDENCE_STORE_CREDENTIALS',
  'log-bucket': 'LOG_BUCKET',
  'log-bucket-credentials': 'LOG_BUCKET_CREDENTIALS',
} as const;

/** Those that are secret. */
export const BUCKET_CREDENTIALS = ['evidence-store-credentials', 'log-bucket-credentials'] as const;

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const REGION = /^[a-z0-9-]{1,32}$/;
/** Of signs that every server and every address has in common; a part of dots leads elsewhere. */
const PREFIX = /^(?:(?!\.+\/)[A-Za-z0-9._-]{1,64}\/){0,8}$/;
const LOCKS = ['none', 'governance', 'compliance'] as const;
const EXPECTED = 's3://bucket/prefix?endpoint=https://host&region=name';
/** What a server that keeps no regions is told, and what most of them begin with. */
const ANY_REGION = 'us-east-1';

interface Read extends BucketSettings {
  readonly lock?: (typeof LOCKS)[number];
}

function readBucket(
  option: 'evidence-store' | 'log-bucket',
  { text, fault }: Pick<SettingReader, 'text' | 'fault'>,
  known: readonly string[],
): Read | undefined {
  const value = text(option);
  const given = text(`${option}-credentials`);
  if (value === undefined) {
    if (given !== undefined) fault(`${option}-credentials`, `left out without --${option}`);
    return undefined;
  }
  const no = (expected: string): undefined => void fault(option, expected);
  const [, bucket = '', path = '', query = ''] =
    /^s3:\/\/([^/?#@\s]+)(?:\/([^?#\s]*))?(?:\?([^#\s]*))?$/.exec(value) ?? [];
  const [, id, secret] = /^([A-Za-z0-9._-]{1,128}):([\x21-\x7e]{1,256})$/.exec(given ?? '') ?? [];
  if (id === undefined) fault(`${option}-credentials`, `given with --${option}, as id:secret`);
  if (!BUCKET.test(bucket)) return no(EXPECTED);
  const words = new URLSearchParams(query);
  const names = [...words.keys()];
  if (new Set(names).size !== names.length || !names.every((name) => known.includes(name))) {
    return no(`${EXPECTED}, with ${known.join(', ')} once each at most`);
  }
  const prefix = path === '' || path.endsWith('/') ? path : `${path}/`;
  if (!PREFIX.test(prefix)) return no('an address whose prefix has letters, digits and . _ - between its slashes');
  const { endpoint = words.has('region') ? `https://s3.${words.get('region')}.amazonaws.com` : undefined } =
    Object.fromEntries(words);
  const region = words.get('region') ?? ANY_REGION;
  const style = words.get('style') ?? (words.has('endpoint') ? 'path' : 'host');
  const lock = words.get('lock') ?? undefined;
  if (endpoint === undefined) return no('an address that names endpoint or region');
  if (!REGION.test(region)) return no('an address whose region has small letters, digits and -');
  if (style !== 'path' && style !== 'host') return no('an address whose style is path or host');
  if (lock !== undefined && !isLock(lock)) return no(`an address whose lock is ${LOCKS.join(', ')}`);
  if (!URL.canParse(endpoint) || !isOrigin(new URL(endpoint)))
    return no('an address whose endpoint is https://host:port');
  const { protocol, hostname, origin } = new URL(endpoint);
  if (style === 'host' && protocol === 'https:' && bucket.includes('.')) {
    return no('an address with style=path: no certificate is for a name with the dots of this bucket in front');
  }
  if (style === 'host' && /^[\d.]+$|^\[/.test(hostname))
    return no('an address with style=path: its endpoint is a number');
  if (id === undefined || secret === undefined) return undefined;
  const place = { endpoint: origin, region, bucket, prefix, style, credentials: { id, secret } } as const;
  return lock === undefined ? place : { ...place, lock };
}

const isLock = (text: string): text is (typeof LOCKS)[number] => (LOCKS as readonly string[]).includes(text);

const isOrigin = ({ protocol, username, password, pathname, search, hash }: URL): boolean =>
  ['http:', 'https:'].includes(protocol) &&
  [username, password, search, hash].every((part) => part === '') &&
  pathname === '/';

export interface Buckets {
  readonly evidenceStore?: EvidenceStoreSettings;
  readonly logBucket?: BucketSettings;
}

/** The buckets of evidence and of the published log, where they are set. */
export function readBuckets(
  reader: Pick<SettingReader, 'text' | 'fault'>,
  production: boolean,
  faults: string[],
): Buckets {
  const { text } = reader;
  const log = readBucket('log-bucket', reader, ['endpoint', 'region', 'style']);
  const read = readBucket('evidence-store', reader, ['endpoint', 'region', 'style', 'lock']);
  for (const [store, folder] of [
    ['evidence-store', 'evidence-dir'],
    ['log-bucket', 'log-dir'],
  ] as const) {
    if (text(store) !== undefined && text(folder) !== undefined)
      faults.push(`--${store} and --${folder} are both given: one of them`);
  }
  if (log !== undefined && read?.bucket === log.bucket && read.endpoint === log.endpoint) {
    faults.push(
      '--log-bucket must name another bucket than --evidence-store: everybody may read the one, nobody the other',
    );
  }
  if (production) {
    if (read !== undefined && read.lock === undefined) {
      faults.push(
        'EVIDENCE_STORE has to say in production whether what is kept is locked against who can write the bucket: ' +
          'lock=compliance, lock=governance or lock=none',
      );
    }
    for (const [variable, place] of [
      ['EVIDENCE_STORE', read],
      ['LOG_BUCKET', log],
    ] as const) {
      if (place === undefined || !place.endpoint.startsWith('http:')) continue;
      if (isLoopback(new URL(place.endpoint).hostname)) continue;
      faults.push(`${variable} names a server beyond this machine over plain HTTP: an https:// address`);
    }
  }
  const { lock, ...place } = read ?? {};
  return {
    ...(read === undefined
      ? {}
      : {
          evidenceStore: { ...(place as BucketSettings), ...(lock === undefined || lock === 'none' ? {} : { lock }) },
        }),
    ...(log === undefined ? {} : { logBucket: log }),
  };
}
