import { FaultForPeople } from '#libs/kernel';
import { boundBucket, type Bucket } from '#libs/adapters/s3';
import { boundFolder } from '#libs/files';

/** The folder, or the bucket, belongs to another store. */
export class FolderRefused extends FaultForPeople {
  override readonly name = 'FolderRefused';
}

/** Makes a folder this store's where it is nobody's; refuses that of another store. `setting`: by which it is named. */
export async function demandOwn(folder: string, store: string, setting: string): Promise<void> {
  refuseOthers(await boundFolder(folder, store), store, `folder of ${setting}, ${folder},`, `${setting} to the folder`);
}

/** The same of a bucket, or a prefix of one. */
export async function demandOwnBucket(bucket: Bucket, store: string, setting: string): Promise<void> {
  refuseOthers(await boundBucket(bucket, store), store, `bucket of ${setting}`, `${setting} to the bucket and prefix`);
}

function refuseOthers(owner: string, store: string, what: string, set: string): void {
  if (owner === store) return;
  throw new FolderRefused(
    `The ${what} belongs to the store ${owner}, and this is the store ${store}: what one destroys would be gone from the ` +
      `other. Set ${set} of this store, or to a new one.`,
  );
}
