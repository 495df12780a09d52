import type { KeyObject } from 'node:crypto';
import type * as Crypto from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type * as Threads from 'node:worker_threads';

/** Signs a text in Latin-1 by an ES256 key, as JOSE has it (RFC 7518 §3.4); the signature in base64url. */
export type SignText = (key: KeyObject, text: string) => Promise<string>;

interface Wanted {
  readonly text: string;
  readonly resolve: (signature: string) => void;
  readonly reject: (error: unknown) => void;
}

/** To the thread: the texts, and the key where it is another one than before. */
interface Batch {
  readonly key?: KeyObject;
  readonly texts: string;
}

/** From the thread, for one batch after the other. */
type Signed = { readonly signatures: string } | { readonly error: Error };

/** Stands neither in what is signed (a header in base64url and a digest) nor in a signature. */
const BREAK = '\n';

/**
 * One thread that signs what the answers of one turn of the event loop ask for in one go. In the pool of Node each
 * signature is a job of its own: to wake a thread for it and to be woken by it takes as long as the signature.
 * The thread begins with the first signature, and keeps a process alive only while one is waited for.
 */
export function signingThread(): SignText {
  let thread: Thread | undefined;
  /** Of this turn, by one key. */
  let gathered: { readonly key: KeyObject; readonly wanted: Wanted[] } | undefined;

  const send = (): void => {
    if (gathered === undefined) return;
    const { key, wanted } = gathered;
    gathered = undefined;
    thread ??= startThread(() => (thread = undefined));
    thread.sign(key, wanted);
  };

  return (key, text) =>
    new Promise((resolve, reject) => {
      if (gathered !== undefined && gathered.key !== key) send();
      if (gathered === undefined) {
        gathered = { key, wanted: [] };
        // After the last answer of the turn has asked, and before the event loop goes on.
        process.nextTick(send);
      }
      gathered.wanted.push({ text, resolve, reject });
    });
}

interface Thread {
  sign(key: KeyObject, wanted: readonly Wanted[]): void;
}

/** What is under way when the thread ends is not signed: those who wait are told why. */
function startThread(onEnd: () => void): Thread {
  const worker = new Worker(`(${signInThread.toString()})(require('node:worker_threads'), require('node:crypto'))`, {
    eval: true,
    name: 'signatures',
  });
  const under: (readonly Wanted[])[] = [];
  let known: KeyObject | undefined;
  let why: unknown = new Error('the thread that signs has ended');
  worker.on('message', (signed: Signed) => {
    const wanted = under.shift()!;
    if (under.length === 0) worker.unref();
    if ('error' in signed) {
      for (const { reject } of wanted) reject(signed.error);
      return;
    }
    const signatures = signed.signatures.split(BREAK);
    for (const [place, { resolve }] of wanted.entries()) resolve(signatures[place]!);
  });
  worker.on('error', (error) => (why = error));
  worker.on('exit', () => {
    onEnd();
    for (const wanted of under) for (const { reject } of wanted) reject(why);
  });
  return {
    sign(key, wanted) {
      if (under.push(wanted) === 1) worker.ref();
      const texts = wanted.map(({ text }) => text).join(BREAK);
      const batch: Batch = known === key ? { texts } : { key, texts };
      known = key;
      worker.postMessage(batch);
    },
  };
}

/** The program of the thread. It is handed over as text: nothing from around it is there. */
function signInThread({ parentPort }: typeof Threads, { sign }: typeof Crypto): void {
  let privateKey: KeyObject;
  parentPort!.on('message', ({ key, texts }: Batch) => {
    privateKey = key ?? privateKey;
    let signed: Signed;
    try {
      const signatures = texts
        .split('\n')
        .map((text) =>
          sign('sha256', Buffer.from(text, 'latin1'), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
            'base64url',
          ),
        );
      signed = { signatures: signatures.join('\n') };
    } catch (error) {
      signed = { error: error as Error };
    }
    parentPort!.postMessage(signed);
  });
}
