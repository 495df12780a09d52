import { commandHandler, eventSerializer } from '#libs/eventing';
import { allCodecs, installationDecider } from '#libs/domain';
import { INSTALLATION_STREAM } from '#libs/kernel';
import type { Configuration } from '#libs/configuration';
import { openVault, type Vault } from '#libs/vault';
import { inWords } from '#libs/process';
import { refuseElsewhere } from './installation.js';
import { keysOf } from './installation-keys.js';
import { keyFolderOf, openDatabases, openStores, type Databases, type Stores } from './open-stores.js';

/** What a command line tool works on: the installation's stores, beside a running suite or without one. */
export interface ToolParts {
  readonly stores: Stores;
  readonly vault: Vault;
  readonly serializer: ReturnType<typeof eventSerializer>;
  readonly commands: ReturnType<typeof commandHandler>;
}

/** What a tool opened, to be closed in the opposite order. */
type Closing = (() => Promise<void>)[];

/**
 * Opens the stores, does the work, closes them; ends the process with status 0 or 1. Refuses where the events are not, or
 * not any more, unless the tool itself sees to that (`evenMoved`).
 */
export function runTool(
  configuration: () => Configuration,
  work: (parts: ToolParts) => Promise<void>,
  { evenMoved = false }: { readonly evenMoved?: boolean } = {},
): Promise<void> {
  return endingProcess(async (closing) => {
    const settings = configuration();
    const databases = await openDatabases(settings, say, { besideRunning: true });
    closing.push(() => databases.close());
    const keys = await keysOf(databases, keyFolderOf(settings));
    const vault = await openVault({ keyStoreUrl: databases.keyStoreUrl, keys });
    closing.push(() => vault.close());
    const stores = await openStores(databases, {}, say);
    closing.push(() => stores.close());
    const serializer = eventSerializer(allCodecs, vault.sealer);
    const commands = commandHandler(stores, serializer);
    if (!evenMoved) {
      refuseElsewhere((await commands.load(installationDecider, INSTALLATION_STREAM)).state, stores.heldBy);
    }
    await work({ stores, vault, serializer, commands });
  });
}

/** The same for a tool that works on the databases and the key folder as they are, without opening what is in them. */
export function runOnDatabases(
  configuration: () => Configuration,
  options: { readonly besideRunning: boolean },
  work: (databases: Databases, keyFolder: string, say: (line: string) => void) => Promise<void>,
): Promise<void> {
  return endingProcess(async (closing) => {
    const settings = configuration();
    const databases = await openDatabases(settings, say, options);
    closing.push(() => databases.close());
    await work(databases, keyFolderOf(settings), say);
  });
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function endingProcess(work: (closing: Closing) => Promise<void>): Promise<void> {
  const closing: Closing = [];
  let status = 0;
  try {
    await work(closing);
  } catch (error) {
    process.stderr.write(`${inWords(error)}\n`);
    status = 1;
  } finally {
    for (const close of closing.reverse()) await close();
  }
  process.exit(status);
}
