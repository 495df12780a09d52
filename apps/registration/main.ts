import { runProcess } from '#libs/process';

await runProcess('registration', () => import('./start.js'), process.argv.slice(2));
