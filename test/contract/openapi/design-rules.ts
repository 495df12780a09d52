import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RULES = fileURLToPath(new URL('../../../../shared/conformance/adr-ruleset.yaml', import.meta.url));
const SPECTRAL = fileURLToPath(new URL('../../../node_modules/@stoplight/spectral-cli/dist/index.js', import.meta.url));

/** Why no contract can be judged by the NL GOV API Design Rules here; `undefined` when it can. */
export const noDesignRules = (): string | undefined =>
  existsSync(RULES) ? undefined : 'the published rules are not beside the checkout';

export interface Finding {
  readonly code: string;
  /** 0 is an error, 1 a warning. */
  readonly severity: number;
  readonly message: string;
  readonly path: readonly string[];
}

/** What the published rules of the Dutch government say about a contract. */
export async function judgedByRules(contract: object): Promise<readonly Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'waarborg-contract-'));
  try {
    const file = join(folder, 'contract.json');
    const results = join(folder, 'results.json');
    await writeFile(file, JSON.stringify(contract));
    const args = [SPECTRAL, 'lint', file, '--ruleset', RULES, '--format', 'json', '--output', results, '--quiet'];
    const said = await new Promise<string>((answer) =>
      execFile(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '' } }, (_error, out, err) =>
        answer(`${out}${err}`),
      ),
    );
    if (!existsSync(results)) throw new Error(`the linter gave no results: ${said}`);
    return JSON.parse(await readFile(results, 'utf8')) as Finding[];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
