import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bodyOf, Bucket, type BucketPlace } from '#libs/adapters/s3';
import { until } from './until.js';

// An S3 server that is not ours: Versity's gateway, on a folder of this machine.

const VERSION = 'v1.8.0';
const folder = fileURLToPath(new URL(`../../node_modules/.cache/waarborg-versitygw-${VERSION}`, import.meta.url));
const program = join(folder, 'versitygw');
const BUILDING = 600_000;

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Why there is no S3 server here, after an attempt to build one; `undefined` where there is. */
export async function noVersitygw(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'the S3 server of the tests keeps what it knows of files as Linux does';
  if (await isThere(program)) return undefined;
  const draft = `${folder}-${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(draft, { recursive: true });
    await promisify(execFile)('go', ['install', `github.com/versity/versitygw/cmd/versitygw@${VERSION}`], {
      env: { ...process.env, GOBIN: draft, GOFLAGS: '' },
      timeout: BUILDING,
      maxBuffer: 1e8,
    });
    // Another test file may have built it meanwhile.
    await rename(draft, folder).catch(async (error: unknown) => {
      if (!(await isThere(program))) throw error;
    });
    return undefined;
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    const { code, stderr = '', message } = error as { code?: string | number; stderr?: string; message: string };
    if (code === 'ENOENT') return `needs versitygw ${VERSION}, and Go to make it with`;
    return `needs versitygw ${VERSION}: ${stderr.trim().split('\n').at(-1) || message}`;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

export interface BucketOptions {
  /** Versions and object lock, as evidence needs it; `versions`: without locks. Absent: neither. */
  readonly keeps?: 'versions' | 'locks';
  /** Everybody may read what is in it. */
  readonly isPublic?: boolean;
}

export interface S3Server {
  readonly endpoint: string;
  /** A new bucket of that kind, and who may do everything in it. */
  make(name: string, options?: BucketOptions): Promise<BucketPlace>;
  /** Without waiting for anything: as a machine that is switched off. */
  kill(): Promise<void>;
  /** Again, at the same address and on what it kept. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const CREDENTIALS = { id: 'waarborg-test', secret: 'not-a-secret+of/tests=' };
const REGION = 'eu-test-1';

/** Starts one on a free port of this machine. */
export async function versitygw(): Promise<S3Server> {
  const home = await mkdtemp(join(tmpdir(), 'waarborg-s3-'));
  const [data, versions] = [join(home, 'data'), join(home, 'versions')];
  for (const each of [data, versions]) await mkdir(each);
  const { freePort } = await import('#libs/embedded');
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  let running: ReturnType<typeof spawn> | undefined;

  async function start(): Promise<void> {
    const server = spawn(
      program,
      [
        ...['--port', `127.0.0.1:${port}`, '--region', REGION, '--keep-alive', '--quiet'],
        ...['posix', '--versioning-dir', versions, data],
      ],
      {
        env: { ...process.env, ROOT_ACCESS_KEY_ID: CREDENTIALS.id, ROOT_SECRET_ACCESS_KEY: CREDENTIALS.secret },
        stdio: 'ignore',
      },
    );
    running = server;
    await until('the S3 server answers', async () => {
      if (server.exitCode !== null) throw new Error(`versitygw ended with ${server.exitCode}`);
      return (await fetch(endpoint).catch(() => undefined)) !== undefined;
    });
  }
  async function kill(): Promise<void> {
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  }
  async function make(name: string, { keeps, isPublic = false }: BucketOptions = {}): Promise<BucketPlace> {
    const place = {
      endpoint,
      region: REGION,
      bucket: name,
      prefix: '',
      style: 'path',
      credentials: CREDENTIALS,
    } as const;
    const bucket = new Bucket(place);
    const done = async (asked: Parameters<Bucket['ask']>[0]): Promise<void> => {
      const { status, body } = await bucket.ask(asked);
      if (status !== 200 && status !== 204) throw new Error(`${status} ${body.toString()}`);
    };
    const put = (word: string, text: string): Promise<void> =>
      done({ method: 'PUT', query: { [word]: '' }, body: bodyOf(Buffer.from(text)) });
    const headers = { 'x-amz-bucket-object-lock-enabled': 'true' };
    await done({ method: 'PUT', ...(keeps === 'locks' ? { headers } : {}) });
    if (keeps === 'versions') {
      await put('versioning', '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>');
    }
    if (isPublic) {
      const resource = `arn:aws:s3:::${name}/*`;
      const statement = { Effect: 'Allow', Principal: '*', Action: ['s3:GetObject'], Resource: [resource] };
      await put('policy', JSON.stringify({ Version: '2012-10-17', Statement: [statement] }));
    }
    bucket.close();
    return place;
  }
  await start();
  return {
    ...{ endpoint, make, kill, start },
    async close() {
      await kill();
      await rm(home, { recursive: true, force: true });
    },
  };
}
