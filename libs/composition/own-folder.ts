import { FaultForPeople } from '#libs/kernel';
import { boundFolder } from '#libs/files';

/** The folder belongs to another store. */
export class FolderRefused extends FaultForPeople {
  override readonly name = 'FolderRefused';
}

/** Makes a folder this store's where it is nobody's; refuses that of another store. `setting`: by which it is named. */
export async function demandOwn(folder: string, store: string, setting: string): Promise<void> {
  const owner = await boundFolder(folder, store);
  if (owner === store) return;
  throw new FolderRefused(
    `The folder of ${setting}, ${folder}, belongs to the store ${owner}, and this is the store ${store}: what one destroys would ` +
      `be gone from the other. Set ${setting} to the folder of this store, or to a new one.`,
  );
}
