import { open } from 'node:fs/promises';

/** The names in a folder are on the disk when it resolves. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folder; there the name is kept with the file.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
