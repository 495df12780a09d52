import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const PACKAGE = '@kurrent/kurrentdb-client';
/** Module hook of an installation in which nobody has put the newer client. */
const WITHOUT = `export const resolve = (specifier, context, next) => {
  if (!specifier.startsWith('${PACKAGE}')) return next(specifier, context);
  throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
};`;

/** What opening says in a process of its own, with the newer client or without it. */
async function openingSays(scheme: string, without: boolean): Promise<{ name: string; message: string }> {
  const adapter = new URL('index.ts', import.meta.url).href;
  const loader = new URL('../../testing/eventstoredb-double/typescript.mjs', import.meta.url).href;
  const script = `
    import { register } from 'node:module';
    register('${loader}');
    ${without ? `register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(WITHOUT)}));` : ''}
    const { openEventStoreDb } = await import('${adapter}');
    const url = '${scheme}://user:very-secret@127.0.0.1:1?tls=false';
    const { name, message } = await openEventStoreDb({ url, limits: { openMilliseconds: 1 } }).catch((error) => error);
    process.stdout.write(JSON.stringify({ name, message }));
    process.exit(0);`;
  const args = ['--conditions=source', '--no-warnings', '--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as { name: string; message: string };
}

it('says how to install the client of kurrentdb:// where it is not there', async () => {
  expect(await openingSays('kurrentdb', true)).toEqual({
    name: 'EventStoreRefused',
    message: `kurrentdb:// needs the package ${PACKAGE}, which can not be loaded here: npm install ${PACKAGE}@1.3.1`,
  });
});

it.each([
  ['of esdb:// without it', 'esdb', true],
  ['of kurrentdb:// with it', 'kurrentdb', false],
])('uses the client %s', async (_what, scheme, without) => {
  const said = await openingSays(scheme, without);
  expect(said).toMatchObject({
    name: 'EventStoreRefused',
    message: expect.stringContaining('no EventStoreDB answers'),
  });
  expect(said.message).not.toContain('very-secret');
});
