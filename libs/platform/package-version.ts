import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Manifest {
  /** Semver. */
  readonly version: string;
  /** What runs with the product where it is installed, by the one version that fits. */
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** The product's own package.json: the one above this file, in the sources as in `dist`. */
export function packageManifest(): Manifest {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) continue;
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Partial<Manifest> & { readonly name?: string };
    const { name, version, peerDependencies = {} } = manifest;
    if (name === 'waarborg' && version !== undefined) return { version, peerDependencies };
  }
  throw new Error('no package.json with a version lies above libs/platform');
}

export const packageVersion = (): string => packageManifest().version;
