import { runProcess } from '#libs/composition';
import { RegistrationModule } from './index.js';

await runProcess('registration', [RegistrationModule], process.argv.slice(2));
