// Runs one of the installed tools after the setup: node deploy/local/tool.mjs lint|format|typecheck …
import { runTool } from './tools.mjs';
import { runAfterSetup, SetupError } from './setup.mjs';

const TOOLS = {
  format: ['prettier/bin/prettier.cjs', '--write', '.'],
  lint: ['eslint/bin/eslint.js', '.'],
  typecheck: ['typescript/bin/tsc', '-p', 'test/tsconfig.json'],
};

await runAfterSetup(
  async ([name, ...more]) => {
    const tool = TOOLS[name];
    if (tool === undefined) throw new SetupError(`No tool "${name}"; there are: ${Object.keys(TOOLS).join(', ')}.`);
    process.exitCode = await runTool(tool[0], [...tool.slice(1), ...more]);
  },
  { build: false },
);
