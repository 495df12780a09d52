import { runProcess } from '#libs/process';

await runProcess('issuance', () => import('./start.js'), process.argv.slice(2));
