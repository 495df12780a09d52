// Makes the tarball of @waarborg/client: npm run client:pack [-- DIR]. Its path is the last line.
import { packLibrary } from './packing.mjs';

// Of the version of the suite whose contract it is made of.
await packLibrary('libs/client', {
  name: '@waarborg/client',
  description: 'Client of the API of Waarborg: typed, retries safely, reads its own writes.',
  sideEffects: false,
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
});
