import { runProcess } from '#libs/process';

await runProcess('revocation', () => import('./start.js'), process.argv.slice(2));
