import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { AppendOutcomeUnknown, StoreUnavailable } from '#libs/eventing';
import type { AuthorizationEvent } from '#libs/domain';
import { mediaFiles, paperRegistration, unless, uuid } from '#libs/testing';
import type { Json } from './support/api.js';
import { paperCase, type PaperCase } from './support/case.js';
import { freshKey, having, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { freshPlace, inOneProcess, startSuite, type Place, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';
import { digestOf, handOverCopy, uploadFile } from './support/upload.js';

/** Uploads, restarts and decisions that meet where they should not: nothing is lost, and nothing is half there. */

const { pngChunk, pngFile } = mediaFiles;
const DAY = 24 * 3_600_000;
const HOUR = 3_600_000;
const large = (): Buffer => pngFile(pngChunk('IDAT', Buffer.alloc(3_000_000, 7)));

const contentOf = async ({ url, token }: Client, { id }: Json): Promise<Buffer> => {
  const response = await fetch(`${url}/v1/evidence/${String(id)}/content`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
};

describe('in a folder', () => {
  let place: Place;
  let suite: TestSuite;
  let supplier: Client;
  let paper: PaperCase;
  beforeAll(async () => {
    place = await freshPlace();
    suite = await startSuite(place);
    supplier = await suite.client('supplier');
    paper = await paperCase(supplier);
  });
  afterAll(() => suite.end());

  /** Names of files, and of drafts. */
  const kept = async (): Promise<readonly string[]> => {
    const names = await readdir(join(place.dataDir, 'evidence'), { recursive: true }).catch((error: unknown) => {
      // It is made for the first file.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    return names.filter((name) => name.length > 2).sort();
  };
  const drafts = async (): Promise<number> => (await kept()).filter((name) => name.startsWith('.new-')).length;

  /** Begins an upload by hand, and sends so much of it. */
  const begin = (bytes: Buffer, sent: number, key: string, framing: 'length' | 'chunks'): Socket => {
    const { hostname, port } = new URL(suite.url);
    const socket = connect(Number(port), hostname);
    const body = bytes.subarray(0, sent);
    const head = [
      `POST /v1/evidence?application=${paper.application} HTTP/1.1`,
      ...[`Host: ${hostname}`, `Authorization: Bearer ${supplier.token}`, 'Content-Type: image/png'],
      ...[`Idempotency-Key: ${key}`, `Content-Digest: ${digestOf(bytes)}`],
      framing === 'length' ? `Content-Length: ${bytes.length}` : 'Transfer-Encoding: chunked',
      ...['', ''],
    ];
    socket.write(head.join('\r\n'));
    socket.write(framing === 'length' ? body : Buffer.concat([Buffer.from(`${sent.toString(16)}\r\n`), body]));
    return socket;
  };

  unless(inOneProcess('the gateway takes a body whole before an app is asked')).describe('an upload', () => {
    it.each(['length', 'chunks'] as const)(
      'that is cut off half way leaves nothing, and the same one is taken afterwards (framed by %s)',
      async (framing) => {
        const [bytes, key] = [large(), freshKey()];
        const [before, heads] = [await kept(), await suite.heads()];
        const socket = begin(bytes, 1_500_000, key, framing);
        await until('it is being written', async () => (await drafts()) === 1);
        socket.destroy();
        await until('the draft is gone', async () => (await drafts()) === 0);
        expect(await kept()).toEqual(before);
        expect(await suite.heads()).toEqual(heads);
        const response = await uploadFile(supplier, paper.application, bytes, key);
        expect([response.status, response.headers.has('idempotency-replayed')]).toEqual([201, false]);
        expect((await contentOf(supplier, (await response.json()) as Json)).equals(bytes)).toBe(true);
      },
    );
  });

  it('an upload whose sender stops in the middle leaves nothing', async () => {
    const before = await kept();
    const socket = begin(large(), 1_000_000, freshKey(), 'length');
    // Half of the connection: no more comes, and an answer could still be read.
    socket.end();
    socket.resume();
    await once(socket, 'close');
    await until('the draft is gone', async () => (await drafts()) === 0);
    expect(await kept()).toEqual(before);
  });

  it('the same bytes under two keys at once are two pieces of evidence, and one goes without the other', async () => {
    const bytes = large();
    const before = await kept();
    const both = await Promise.all([1, 2].map(() => uploadFile(supplier, paper.application, bytes)));
    const [one, other] = (await Promise.all(both.map((response) => response.json()))) as [Json, Json];
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect(one['id']).not.toBe(other['id']);
    // Each is sealed under a key of its own: nobody can tell that they are the same.
    expect((await kept()).length).toBe(before.length + 2);
    for (const evidence of [one, other]) expect((await contentOf(supplier, evidence)).equals(bytes)).toBe(true);
  });

  it('what waits is there after a restart, and a decision right before it is followed up', async () => {
    const bytes = pngFile();
    const undecided = await uploadFile(supplier, paper.application, bytes);
    const { position: _, ...waiting } = (await undecided.json()) as Json;
    const means = await paper.means();
    const copy = await handOverCopy(supplier, paper.application, paper.director, bytes);
    const authorization = await paper.authorize(means.id);
    await suite.stop();
    suite = await startSuite(place);
    supplier = await suite.client('supplier');
    const show = async ({ id }: Json): Promise<Json> =>
      having(await supplier.get(`/v1/evidence/${String(id)}`), 200).body;
    expect(await show(waiting)).toEqual(waiting);
    expect((await contentOf(supplier, waiting)).equals(bytes)).toBe(true);
    await until('the copy is kept', async () => (await show(copy))['status'] === 'kept');
    expect(await show(copy)).toMatchObject({ decision: { authorization: authorization['id'], level: 3 } });
    expect((await contentOf(supplier, copy)).equals(bytes)).toBe(true);
  });
});

describe('where steps fail', () => {
  let suite: MemorySuite;
  let supplier: Client;
  let paper: PaperCase;
  beforeAll(async () => {
    suite = await startMemorySuite();
    supplier = await suite.client('supplier');
    paper = await paperCase(supplier);
  });
  afterAll(() => suite.end());

  const files = (): readonly string[] => suite.stores.files.addresses();
  const show = async ({ id }: Json): Promise<Json> =>
    having(await supplier.get(`/v1/evidence/${String(id)}`), 200).body;
  const intake = (): Promise<string> => paper.desk.application('nonElectronic', ['means', 'registration'], 1);
  const decided = (application: string, run: string, m: number): Promise<bigint> => {
    const id = uuid('decided', Number(run));
    const submitter = { person: paper.director.id, role: 'legalRepresentative' };
    const facts = paperRegistration.authorizationFacts(
      id,
      { application, m, submitter },
      'awaitingActivation',
    ) as readonly AuthorizationEvent[];
    return suite.record('authorization', id, ...facts);
  };
  /** The next append of evidence ends so; those of others go on. */
  const failNextAppend = (failure: Error, isWritten: boolean): void => {
    const { events } = suite.stores;
    const append = events.append.bind(events);
    events.append = async (...parts: Parameters<typeof append>) => {
      if (!parts[0].startsWith('evidence-')) return append(...parts);
      events.append = append;
      if (isWritten) await append(...parts);
      throw failure;
    };
  };

  it('a file whose fact could not be recorded goes an hour later, and one whose fact stands does not', async () => {
    const before = files();
    failNextAppend(new StoreUnavailable('cut off'), false);
    expect((await uploadFile(supplier, paper.application, pngFile())).status).toBe(503);
    // A read behind the append failed alike.
    const unrecorded = files().filter((one) => !before.includes(one));
    failNextAppend(new StoreUnavailable('cut off behind it'), true);
    expect((await uploadFile(supplier, paper.application, pngFile())).status).toBe(503);
    expect(files()).toHaveLength(before.length + 2);
    suite.pass(HOUR);
    await until('the one without a fact is gone', () => files().length === before.length + 1);
    expect(files()).not.toContain(unrecorded[0]);
  });

  it('a file of which nobody knows whether it was recorded stays where it was, and goes an hour later where it was not', async () => {
    const before = files();
    const newest = (): readonly string[] => files().filter((one) => !before.includes(one));
    failNextAppend(new AppendOutcomeUnknown('lost'), true);
    expect((await uploadFile(supplier, paper.application, pngFile())).status).toBe(503);
    const [recorded] = newest();
    failNextAppend(new AppendOutcomeUnknown('lost'), false);
    expect((await uploadFile(supplier, paper.application, pngFile())).status).toBe(503);
    expect(newest()).toHaveLength(2);
    suite.pass(HOUR);
    await until('the one without a fact is gone', async () => newest().length === 1);
    expect(newest()).toEqual([recorded]);
  });

  it('a file that was altered or lost where it lies is not given, and nothing is said of it', async () => {
    const before = files();
    const evidence = (await (await uploadFile(supplier, paper.application, large())).json()) as Json;
    const [address] = files().filter((one) => !before.includes(one));
    const asked = async (): Promise<Json> => {
      const response = await fetch(`${suite.url}/v1/evidence/${String(evidence['id'])}/content`, {
        headers: { authorization: `Bearer ${supplier.token}` },
      });
      const body = (await response.json()) as Json;
      return { status: response.status, code: body['code'], says: JSON.stringify(body).includes(address!) };
    };
    suite.stores.files.alter(address!);
    expect(await asked()).toEqual({ status: 500, code: 'internal-error', says: false });
    await suite.stores.files.remove(address!);
    expect(await asked()).toEqual({ status: 500, code: 'internal-error', says: false });
  });

  it('a copy that was decided about in time is settled so, though whoever follows decisions stood still', async () => {
    const [third, second] = [await intake(), await intake()];
    const waiting = await handOverCopy(supplier, third, paper.director, pngFile());
    const low = await handOverCopy(supplier, second, paper.director, pngFile());
    const { readModels } = suite.backbone;
    const waitFor = readModels.waitFor.bind(readModels);
    readModels.waitFor = async (projection, position) =>
      projection.name === 'waiting-copies' ? false : waitFor(projection, position);
    try {
      await decided(third, '1', 3);
      await decided(second, '2', 2);
      expect(await show(waiting)).toMatchObject({ status: 'quarantined' });
      suite.pass(28 * DAY);
      await until('their quarantine has ended', async () => {
        const both = [await show(waiting), await show(low)];
        return both.every(({ status }) => status !== 'quarantined');
      });
    } finally {
      readModels.waitFor = waitFor;
    }
    expect(await show(waiting)).toMatchObject({ status: 'kept', decision: { level: 3 } });
    expect(await show(low)).toMatchObject({ status: 'destroyed', ground: 'belowLevel3' });
    expect((await contentOf(supplier, waiting)).equals(pngFile())).toBe(true);
  });

  it('a copy that was decided about too late is destroyed all the same', async () => {
    const application = await intake();
    const waiting = await handOverCopy(supplier, application, paper.director, pngFile());
    suite.pass(28 * DAY);
    await decided(application, '3', 4);
    await until('it is destroyed', async () => (await show(waiting))['status'] === 'destroyed');
    expect(await show(waiting)).toMatchObject({ ground: 'quarantineOver' });
  });
});
