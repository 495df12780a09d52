export { bodyOf, Bucket, BucketRefusal, refusalOf, textsOf } from './bucket.js';
export type { Answer, Asked, Body, BucketPlace, Patience } from './bucket.js';
export { boundBucket } from './bound-bucket.js';
export { s3FileStore } from './s3-file-store.js';
export type { LockMode, S3FileStoreOptions } from './s3-file-store.js';
export { S3LogFiles } from './s3-log-files.js';
