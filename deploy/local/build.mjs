import { runAfterSetup, say } from './setup.mjs';

await runAfterSetup(() => say('Built: dist/ is up to date.'), { tools: false });
