import { runProcess } from '#libs/process';

await runProcess('archive', () => import('./start.js'), process.argv.slice(2));
