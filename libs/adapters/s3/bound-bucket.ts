import { StoreUnavailable } from '#libs/eventing';
import { bodyOf, BucketRefusal, refusalOf, type Answer, type Asked, type Bucket } from './bucket.js';

/** Key of the object in which a bucket, or a prefix of one, says whose it is. */
const OWNER = 'belongs-to';

/**
 * Makes a bucket this owner's where it is nobody's yet, and answers whose it is. Of two who come at once it is the first
 * one's, where the server keeps to `If-None-Match`, else the later one's, whom the next start of the other meets. Rejects with
 * `StoreUnavailable` where the bucket does not answer.
 */
export async function boundBucket(bucket: Bucket, owner: string): Promise<string> {
  const known = await ownerIn(bucket);
  if (known !== undefined) return known;
  const put = { method: 'PUT', key: OWNER, body: bodyOf(Buffer.from(`${owner}\n`)) } as const;
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  const first = await asked(bucket, { ...put, headers: { ...headers, 'if-none-match': '*' } });
  const answer = first.status === 501 ? await asked(bucket, { ...put, headers }) : first;
  if (answer.status !== 200 && answer.status !== 412) throw unavailable(refusalOf(answer));
  return (await ownerIn(bucket)) ?? owner;
}

async function ownerIn(bucket: Bucket): Promise<string | undefined> {
  const answer = await asked(bucket, { method: 'GET', key: OWNER });
  if (answer.status === 200) return answer.body.toString().trim();
  if (answer.status === 404) return undefined;
  throw unavailable(refusalOf(answer));
}

async function asked(bucket: Bucket, what: Asked): Promise<Answer> {
  try {
    return await bucket.ask(what);
  } catch (error) {
    throw unavailable(error);
  }
}

const unavailable = (error: unknown): unknown =>
  error instanceof BucketRefusal
    ? new StoreUnavailable(`file store: ${error.message}`, undefined, { cause: error })
    : error;
