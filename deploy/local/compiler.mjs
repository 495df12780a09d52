// How the sources are compiled, for the build and for the specs alike. Node built-ins only: the setup asks which files are
// built before anything is installed.
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** One file at a time and without a look at its types: the lane `types` does that. */
export const SWC = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
    experimental: { keepImportAttributes: true },
  },
  module: { type: 'es6' },
};

/** What tests need. `tsconfig.json` leaves out the same; a spec compares them. */
const LEFT_OUT = /^libs\/testing\/|(\.|-)spec\.ts$|\.(contract|tests)\.ts$/;

/** The files that a build is made of, by their path from the top folder. */
export const builtFiles = (root) =>
  ['apps', 'libs']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(ts|json)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)).replaceAll(sep, '/'))
    .filter((path) => !LEFT_OUT.test(path) && !/^apps\/.*\.json$/.test(path))
    .sort();

const TOOLS =
  'adopt-restored-log adopt-restored-store answer-keys backup client log-keys log-records move-store openapi parked rebuild ' +
  'relay replay restore token token-keys cluster/main demo/main';

/** The programs of a build, by their path below `dist`: each app, and what `npm run` starts. */
export const builtPrograms = (root) => [
  ...readdirSync(join(root, 'apps')).map((app) => `apps/${app}/main.js`),
  ...TOOLS.split(' ').map((tool) => `apps/suite/${tool}.js`),
];
