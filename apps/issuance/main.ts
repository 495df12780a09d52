import { runProcess } from '#libs/composition';
import { IssuanceModule } from './index.js';

await runProcess('issuance', [IssuanceModule], process.argv.slice(2));
