// Rewrites package.json for the image: what runs, and the packages that are optional elsewhere (KurrentDB, traces), as
// dependencies; no tools. The lock file says the versions of all of them.
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.argv[2] ?? 'package.json';
const { dependencies, peerDependencies, overrides, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
const { name, version, type, engines, imports } = manifest;
writeFileSync(
  file,
  `${JSON.stringify(
    {
      ...{ name, version, private: true, type, engines, imports },
      dependencies: { ...dependencies, ...peerDependencies },
      overrides,
    },
    null,
    2,
  )}\n`,
);
