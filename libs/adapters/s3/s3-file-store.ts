import { createHash } from 'node:crypto';
import { epochOf, instantFromEpoch, type Instant } from '#libs/kernel';
import { FileDamaged, FileLocked, FileMissing, StoreUnavailable, type FileStore } from '#libs/eventing';
import { bodyOf, BucketRefusal, refusalOf, textsOf, type Answer, type Asked, type Bucket } from './bucket.js';
import { Drafts } from './drafts.js';

const ADDRESS = /^[0-9a-f]{64}$/;
/** Bytes of all uploads that are under way in this process: some twenty-five of the largest files. */
const DRAFT_BYTES = 256 * 1024 * 1024;
/** A file is put once, and may have been put again by twins; no honest file has more versions. */
const MAX_VERSION_PAGES = 10;
/** What a lock is called where there is one: who may end it early is a right of its own, or nobody. */
export type LockMode = 'governance' | 'compliance';

export interface S3FileStoreOptions {
  /** How files that are kept are locked; absent: they are not. */
  readonly lock?: LockMode;
}

/**
 * Files in a bucket, each under the SHA-256 of its bytes. Whoever puts one sends that name as the hash of the body, so that
 * the server itself refuses what is not whole. Rejects with `StoreUnavailable` where the bucket is not as it has to be: no
 * lock where `lock` asks for one, or a lock by default, under which what waits in quarantine could not be destroyed.
 */
export async function s3FileStore(bucket: Bucket, { lock }: S3FileStoreOptions = {}): Promise<FileStore> {
  let isVersioned = await hasVersions(bucket);
  await demandLocks(bucket, lock);
  const drafts = new Drafts(DRAFT_BYTES);

  /** Whether the bytes at an address are those that it names. */
  async function isWhole(address: string): Promise<boolean> {
    try {
      for await (const piece of store.get(address)) void piece;
      return true;
    } catch (error) {
      if (error instanceof FileDamaged || error instanceof FileMissing) return false;
      throw error;
    }
  }

  const store: FileStore = {
    async put(bytes, before) {
      const draft = await drafts.take(bytes);
      try {
        const address = draft.sha256;
        await before?.(address);
        const headers = { 'content-type': 'application/octet-stream' };
        const put = { method: 'PUT', key: address, body: draft } as const;
        const first = await asked(bucket, { ...put, headers: { ...headers, 'if-none-match': '*' } });
        // There already, unless somebody has changed it; or a server that puts without conditions alone.
        const isDone = first.status === 200 || (first.status === 412 && (await isWhole(address)));
        if (!isDone) {
          if (first.status !== 412 && first.status !== 501) throw unavailable(refusalOf(first));
          demand(await asked(bucket, { ...put, headers }), 200);
        }
        return { address, size: draft.size };
      } finally {
        await draft.close();
      }
    },

    async *get(address) {
      if (!ADDRESS.test(address)) throw new FileMissing('an address has 64 hexadecimal digits');
      try {
        const pieces = await bucket.read(address);
        if (pieces === undefined) throw new FileMissing(`no file is kept at ${address}`);
        const hash = createHash('sha256');
        for await (const piece of pieces) {
          hash.update(piece);
          yield piece;
        }
        if (hash.digest('hex') !== address) throw new FileDamaged(`the file at ${address} holds other bytes`);
      } catch (error) {
        throw unavailable(error);
      }
    },

    async *list() {
      for (let token: string | undefined; ;) {
        const query = { 'list-type': '2', ...(token === undefined ? {} : { 'continuation-token': token }) };
        const page = demand(await asked(bucket, { method: 'GET', query: { ...query, prefix: bucket.prefix } }), 200);
        const xml = page.body.toString();
        for (const key of textsOf(xml, 'Key')) {
          const address = key.slice(bucket.prefix.length);
          if (key.startsWith(bucket.prefix) && ADDRESS.test(address)) yield address;
        }
        const [next] = textsOf(xml, 'NextContinuationToken');
        if (textsOf(xml, 'IsTruncated')[0] !== 'true' || next === undefined) return;
        token = next;
      }
    },

    async remove(address) {
      if (!ADDRESS.test(address)) return;
      if (!isVersioned) {
        const answer = demand(await asked(bucket, { method: 'DELETE', key: address }), 204, 200, 404);
        // It keeps versions since it was opened: what was there lies behind a mark now.
        isVersioned = answer.headers['x-amz-delete-marker'] === 'true';
        if (!isVersioned) return;
      }
      const versions = await versionsOf(bucket, address);
      if (versions.length === 0) return;
      // Out of sight first: what is locked stays behind the mark.
      if (!versions.some(({ isMark, isLatest }) => isMark && isLatest)) {
        demand(await asked(bucket, { method: 'DELETE', key: address }), 204, 200, 404);
      }
      let until: Instant | undefined;
      for (const { id } of versions.filter(({ isMark }) => !isMark)) {
        const lockedUntil = await removeVersion(bucket, address, id);
        if (lockedUntil !== undefined && (until === undefined || lockedUntil > until)) until = lockedUntil;
      }
      if (until !== undefined) throw new FileLocked(address, until);
      for (const { id } of (await versionsOf(bucket, address)).filter(({ isMark }) => isMark)) {
        await removeVersion(bucket, address, id);
      }
    },
  };
  if (lock === undefined) return store;
  return {
    ...store,
    async protect(address, until) {
      if (!ADDRESS.test(address)) throw new FileMissing('an address has 64 hexadecimal digits');
      const there = await lockOf(bucket, address);
      if (there !== undefined && there >= until) return;
      const text =
        '<Retention xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
        `<Mode>${lock.toUpperCase()}</Mode><RetainUntilDate>${until}</RetainUntilDate></Retention>`;
      const body = bodyOf(Buffer.from(text));
      const headers = { 'content-type': 'application/xml', 'x-amz-sdk-checksum-algorithm': 'SHA256' };
      const answer = await asked(bucket, { method: 'PUT', key: address, query: { retention: '' }, headers, body });
      // 405: what stands there is the mark of one that was taken away.
      if (answer.status === 404 || answer.status === 405) throw new FileMissing(`no file is kept at ${address}`);
      demand(answer, 200);
    },
  };
}

/** What keeps files is named nowhere: messages say what it answered. */
function unavailable(error: unknown): unknown {
  if (!(error instanceof BucketRefusal)) return error;
  return new StoreUnavailable(`file store: ${error.message}`, undefined, { cause: error });
}

async function asked(bucket: Bucket, what: Asked): Promise<Answer> {
  try {
    return await bucket.ask(what);
  } catch (error) {
    throw unavailable(error);
  }
}

/** The answer; throws `StoreUnavailable` where its status is none of these. */
function demand(answer: Answer, ...statuses: readonly number[]): Answer {
  if (statuses.includes(answer.status)) return answer;
  throw unavailable(refusalOf(answer));
}

async function hasVersions(bucket: Bucket): Promise<boolean> {
  const answer = demand(await asked(bucket, { method: 'GET', query: { versioning: '' } }), 200, 501);
  // Suspended: older ones may be there.
  return answer.status === 200 && textsOf(answer.body.toString(), 'Status').length > 0;
}

async function demandLocks(bucket: Bucket, lock: LockMode | undefined): Promise<void> {
  const answer = demand(await asked(bucket, { method: 'GET', query: { 'object-lock': '' } }), 200, 404, 501);
  const xml = answer.status === 200 ? answer.body.toString() : '';
  if (lock !== undefined && textsOf(xml, 'ObjectLockEnabled')[0] !== 'Enabled') {
    throw new StoreUnavailable('file store: the bucket has no object lock, which the setting asks for');
  }
  if (textsOf(xml, 'Days').length + textsOf(xml, 'Years').length > 0) {
    throw new StoreUnavailable(
      'file store: the bucket locks everything by default, also what waits in quarantine and has to go: take that rule out',
    );
  }
}

interface Version {
  readonly id: string;
  readonly isLatest: boolean;
  /** It says that the file was taken away, and is none itself. */
  readonly isMark: boolean;
}

async function versionsOf(bucket: Bucket, address: string): Promise<readonly Version[]> {
  const key = `${bucket.prefix}${address}`;
  const found: Version[] = [];
  let from: Readonly<Record<string, string>> = {};
  for (let pages = 0; pages < MAX_VERSION_PAGES; pages += 1) {
    const query = { versions: '', prefix: key, ...from };
    const xml = demand(await asked(bucket, { method: 'GET', query }), 200).body.toString();
    for (const [, kind, text] of xml.matchAll(/<(Version|DeleteMarker)>(.*?)<\/\1>/gs)) {
      const [id] = textsOf(text!, 'VersionId');
      if (textsOf(text!, 'Key')[0] !== key || id === undefined) continue;
      found.push({ id, isLatest: textsOf(text!, 'IsLatest')[0] === 'true', isMark: kind === 'DeleteMarker' });
    }
    const [nextKey] = textsOf(xml, 'NextKeyMarker');
    if (textsOf(xml, 'IsTruncated')[0] !== 'true' || nextKey === undefined) return found;
    from = { 'key-marker': nextKey, 'version-id-marker': textsOf(xml, 'NextVersionIdMarker')[0] ?? '' };
  }
  throw new StoreUnavailable('file store: a file has more versions than can be taken away');
}

/**
 * Takes a version away; answers until when it is locked, where that is why it stays: a lock that is over by the bucket's own clock
 * is not why it is refused.
 */
async function removeVersion(bucket: Bucket, address: string, version: string): Promise<Instant | undefined> {
  const answer = await asked(bucket, { method: 'DELETE', key: address, query: { versionId: version } });
  if ([204, 200, 404].includes(answer.status)) return undefined;
  const until = await lockOf(bucket, address, version);
  if (until === undefined || epochOf(until) <= momentOf(answer)) throw unavailable(refusalOf(answer));
  return until;
}

/** When it answered, by its own clock where it says that, in milliseconds since 1970. */
function momentOf({ headers: { date } }: Answer): number {
  const moment = Date.parse(String(date));
  return Number.isNaN(moment) ? Date.now() : moment;
}

/** Until when a file is locked, over or not; `undefined` where it never was. */
async function lockOf(bucket: Bucket, address: string, version?: string): Promise<Instant | undefined> {
  const query = { retention: '', ...(version === undefined ? {} : { versionId: version }) };
  const answer = await asked(bucket, { method: 'GET', key: address, query });
  if (answer.status !== 200) {
    // None, the mark of one that was taken away, a bucket without locks.
    if ([400, 404, 405].includes(answer.status)) return undefined;
    throw unavailable(refusalOf(answer));
  }
  const [text = ''] = textsOf(answer.body.toString(), 'RetainUntilDate');
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? undefined : instantFromEpoch(moment);
}
