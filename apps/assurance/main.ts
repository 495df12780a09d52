import { runProcess } from '#libs/composition';
import { AssuranceModule } from './index.js';

await runProcess('assurance', [AssuranceModule], process.argv.slice(2));
