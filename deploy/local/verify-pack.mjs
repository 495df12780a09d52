// Makes the tarball of waarborg-verify: npm run verify:pack [-- DIR]. Its path is the last line.
import { packLibrary } from './packing.mjs';

await packLibrary('libs/verifier', {
  name: 'waarborg-verify',
  description: "Verifies a transparency log of Waarborg's, or of others in the formats of C2SP; and receipts of it.",
  bin: { 'waarborg-verify': 'dist/libs/verifier/main.js' },
  // The libraries name each other as they do in the project.
  imports: { '#libs/*': './dist/libs/*/index.js' },
});
