import { join } from 'node:path';
import { commandHandler, eventSerializer } from '#libs/eventing';
import { allCodecs } from '#libs/domain';
import type { Configuration } from '#libs/platform';
import { fileKeyProvider, openVault, type Vault } from '#libs/vault';
import { isForPeople } from './for-people.js';
import { openDatabases, openStores, type Stores } from './open-stores.js';

/** What a command line tool works on: the installation's stores, beside a running suite or without one. */
export interface ToolParts {
  readonly stores: Stores;
  readonly vault: Vault;
  readonly serializer: ReturnType<typeof eventSerializer>;
  readonly commands: ReturnType<typeof commandHandler>;
}

/** Opens the stores, does the work, closes them; ends the process with status 0 or 1. */
export async function runTool(
  configuration: () => Configuration,
  work: (parts: ToolParts) => Promise<void>,
): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const closing: (() => Promise<void>)[] = [];
  let status = 0;
  try {
    const settings = configuration();
    const databases = await openDatabases(settings, say, { besideRunning: true });
    closing.push(() => databases.close());
    const keys = await fileKeyProvider(join(settings.dataDir, 'keys'));
    const vault = await openVault({ keyStoreUrl: databases.keyStoreUrl, keys });
    closing.push(() => vault.close());
    const stores = await openStores(databases, {}, say);
    closing.push(() => stores.close());
    const serializer = eventSerializer(allCodecs, vault.sealer);
    await work({ stores, vault, serializer, commands: commandHandler(stores.events, serializer) });
  } catch (error) {
    process.stderr.write(
      `${isForPeople(error) ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    status = 1;
  } finally {
    for (const close of closing.reverse()) await close();
  }
  process.exit(status);
}
