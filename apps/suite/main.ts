import { runProcess } from '#libs/composition';
import { suiteModules } from './index.js';

await runProcess('suite', suiteModules, process.argv.slice(2));
