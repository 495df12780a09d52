import { FolderLogFiles } from '#libs/adapters/folder';
import { Bucket, S3LogFiles } from '#libs/adapters/s3';
import type { Configuration } from '#libs/configuration';
import type { LogFiles } from '#libs/eventing';

/** Where this installation publishes its transparency log: in a bucket where one is set, else in a folder. */
export const publishedFiles = ({ logBucket, logDir }: Pick<Configuration, 'logBucket' | 'logDir'>): LogFiles =>
  logBucket === undefined ? new FolderLogFiles(logDir) : new S3LogFiles(new Bucket(logBucket));
