import { runProcess } from '#libs/composition';
import { RevocationModule } from './index.js';

await runProcess('revocation', [RevocationModule], process.argv.slice(2));
