import { runProcess } from '#libs/composition';
import { ArchiveModule } from './index.js';

await runProcess('archive', [ArchiveModule], process.argv.slice(2));
