import { runProcess } from '#libs/process';

await runProcess('suite', () => import('./start.js'), process.argv.slice(2));
