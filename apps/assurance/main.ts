import { runProcess } from '#libs/process';

await runProcess('assurance', () => import('./start.js'), process.argv.slice(2));
