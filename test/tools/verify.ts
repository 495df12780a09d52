import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const VERIFY = fileURLToPath(new URL('../../dist/libs/verifier/main.js', import.meta.url));

export interface Report {
  readonly intact: boolean;
  readonly complete: boolean | null;
  readonly size: number;
  readonly keysFrom: string;
  readonly onTrust: boolean;
  readonly faults: readonly { readonly code: string; readonly message: string; readonly index?: number }[];
  readonly records?: Readonly<Record<string, number>>;
}

/** `npm run verify -- … --json`, with its status. */
export async function verify(...args: readonly string[]): Promise<{ status: number; report: Report; said: string }> {
  const { status, out, said } = await new Promise<{ status: number; out: string; said: string }>((answer) => {
    const child = execFile(process.execPath, [VERIFY, ...args, '--json'], { maxBuffer: 1e8 }, (_, out, said) =>
      answer({ status: child.exitCode ?? -1, out, said }),
    );
  });
  return { status, report: (out === '' ? {} : JSON.parse(out)) as Report, said };
}
