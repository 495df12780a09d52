import { readFile, writeFile } from 'node:fs/promises';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { memoryStores } from '#libs/adapters/memory';
import { allRejections } from '#libs/domain';
import {
  buildContract,
  contactOf,
  createApp,
  packageVersion,
  readConfiguration,
  type Configuration,
} from '#libs/platform';
import { memoryVault } from '#libs/vault';
import { BackboneModule } from './backbone.module.js';
import { assembleBackbone } from './open-backbone.js';

/** Where the build leaves the contract of all apps together; beside the built folders. */
const FILE = new URL('../../openapi.json', import.meta.url);
/** Stands for the public base in that file. */
const BASE = 'http://public-base.invalid';

/**
 * The contract of all apps, as the build left it, with this installation's public base and contact: the same in every app
 * (interfaces.md §2). `undefined` where there was no build; the app then shows its own routes.
 */
export async function wholeContract(
  configuration: Pick<Configuration, 'publicBaseUrl' | 'participantName' | 'contactEmail'>,
  file = FILE,
): Promise<object | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    const built = JSON.parse(text.replaceAll(BASE, configuration.publicBaseUrl)) as { readonly info: object };
    return { ...built, info: { ...built.info, contact: contactOf(configuration) } };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

@Module({})
class ContractRoot {}

/** Writes that file: the apps' modules are put together on stores in memory and asked for their routes. Part of the build. */
export async function buildWholeContract(modules: readonly Type[], file = FILE): Promise<void> {
  const configuration = readConfiguration(['--public-base-url', BASE, '--log-level', 'fatal'], {});
  const stores = memoryStores();
  const assembled = await assembleBackbone(configuration, stores, await memoryVault(), () => undefined);
  const root: DynamicModule = { module: ContractRoot, imports: [BackboneModule.of(assembled.backbone), ...modules] };
  const app = await createApp(root, {
    configuration,
    rejections: [allRejections],
    tokenVerifier: { verify: () => Promise.reject(new Error('nobody is let in here')), remembered: () => undefined },
  });
  await app.init();
  await writeFile(file, JSON.stringify(buildContract(app, configuration, packageVersion())));
  await app.close();
  await assembled.close();
}
