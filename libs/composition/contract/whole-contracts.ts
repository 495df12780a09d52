import { readFile, writeFile } from 'node:fs/promises';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { memoryStores } from '#libs/adapters/memory';
import { everyProblem } from '../problems.js';
import { readConfiguration, type Configuration } from '#libs/configuration';
import {
  buildContracts,
  contactOf,
  createApp,
  packageVersion,
  PROBLEM_CATALOGUE,
  TOKEN_PATH,
  type Contract,
  type Contracts,
  type ProblemCatalogue,
} from '#libs/platform';
import { memoryVault } from '#libs/vault';
import './lists.js';
import { BackboneModule } from '../backbone.module.js';
import { assembleBackbone } from '../open-backbone.js';

/** Where the build leaves the documents of all apps together; beside the built folders. */
const FILE = new URL('../../../openapi.json', import.meta.url);
/** Stands for the public base in that file. */
const BASE = 'http://public-base.invalid';

/**
 * The contract of all apps, as the build left it, with this installation's public base and contact: the same in every app
 * (interfaces.md §2). `undefined` where there was no build; the app then shows its own routes. `tokenEndpoint`: of the
 * organization's own authorization server, where its tokens are taken.
 */
export async function wholeContracts(
  configuration: Pick<Configuration, 'publicBaseUrl' | 'participantName' | 'contactEmail'> & {
    readonly tokenEndpoint?: string | undefined;
  },
  file = FILE,
): Promise<Contracts | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    const tokens = configuration.tokenEndpoint ?? `${configuration.publicBaseUrl}${TOKEN_PATH}`;
    const built = JSON.parse(
      text.replaceAll(`"${BASE}${TOKEN_PATH}"`, JSON.stringify(tokens)).replaceAll(BASE, configuration.publicBaseUrl),
    ) as Contracts;
    const contact = contactOf(configuration);
    const named = (contract: Contract): Contract => ({ ...contract, info: { ...contract.info, contact } });
    return { v1: named(built.v1), access: named(built.access) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

@Module({})
class ContractRoot {}

/** Writes that file. Part of the build. */
export async function buildWholeContracts(modules: readonly Type[], file = FILE): Promise<void> {
  await writeFile(file, JSON.stringify(await contractsOf(modules, BASE)));
}

/** The documents of modules: they are put together on stores in memory and asked for their routes. */
export async function contractsOf(modules: readonly Type[], publicBaseUrl: string): Promise<Contracts> {
  const configuration = readConfiguration(['--public-base-url', publicBaseUrl, '--log-level', 'fatal'], {});
  const stores = memoryStores();
  const assembled = await assembleBackbone(configuration, stores, await memoryVault(), () => undefined);
  const root: DynamicModule = { module: ContractRoot, imports: [BackboneModule.of(assembled.backbone), ...modules] };
  const app = await createApp(root, {
    configuration,
    rejections: everyProblem,
    tokenVerifier: { verify: () => Promise.reject(new Error('nobody is let in here')), remembered: () => undefined },
  });
  await app.init();
  const catalogue = app.get<ProblemCatalogue>(PROBLEM_CATALOGUE, { strict: false });
  const contracts = buildContracts(app, configuration, packageVersion(), catalogue);
  await app.close();
  await assembled.close();
  return contracts;
}
