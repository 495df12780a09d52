import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportedRecords, logSignatures } from '#apps/archive';
import { readRecords, verifyLog } from '#libs/verifier';
import { trusting, verifyReceipt } from '#libs/transparency-log';
import { mediaFiles } from '#libs/testing';
import type { Json } from './support/api.js';
import { paperCase, type PaperCase } from './support/case.js';
import { faultsOf, having, type Client } from './support/client.js';
import { NOBODY } from './support/contract.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { until } from './support/until.js';
import { uploadFile } from './support/upload.js';

/** Seven years later: what goes, what stays, and what can be shown of it (ARCH-10, ARCH-11, MAND-06). */

const DAY = 86_400_000;
const YEAR = 365.25 * DAY;
/** Patience of what is looked at after a minute by the register's clock. */
const A_LOOK = 61_000;

let suite: MemorySuite;
let supplier: Client;
let governance: Client;
let auditor: Client;
/** Of nobody any more in seven years, and of somebody who is authorized with a means that stands. */
let left: PaperCase;
let stays: PaperCase;
let authorization: Json;
let form: string;
let mandate: string;
let held: PaperCase;
let hold: Json;

beforeAll(async () => {
  suite = await startMemorySuite();
  [supplier, governance, auditor] = await Promise.all([
    suite.client('supplier'),
    suite.client('governance'),
    suite.client('auditor'),
  ]);
  left = await paperCase(supplier);
  stays = await paperCase(supplier);
  held = await paperCase(supplier);
  const upload = async (of: PaperCase, kind: string): Promise<string> => {
    const answer = await uploadFile(supplier, of.application, mediaFiles.pngFile());
    const { id } = (await answer.json()) as Json;
    having(await supplier.command(`/v1/evidence/${String(id)}/descriptions`, { kind }), 200);
    return String(id);
  };
  form = await upload(left, 'proxy');
  mandate = await upload(stays, 'mandateDecision');
  const means = await stays.means();
  authorization = await stays.authorize(means.id);
  hold = having(
    await governance.command('/v1/legal-holds', {
      on: { kind: 'application', id: held.application },
      reason: 'Rechtbank Midden-Nederland, zaak C/16/1234',
    }),
    201,
  ).body;
});
afterAll(() => suite.end());

/** Lets the register's clock go on, a look at a time, until it holds: a jump costs whoever has a turn that turn. */
async function looked(what: string, holds: () => Promise<boolean>): Promise<void> {
  let movedAt = performance.now();
  await until(
    what,
    async () => {
      if (await holds()) return true;
      if (performance.now() - movedAt < 4_000) return false;
      movedAt = performance.now();
      suite.pass(A_LOOK);
      return false;
    },
    90_000,
  );
}
const destructions = async (): Promise<readonly Json[]> =>
  having(await governance.ask('/v1/destructions/_search', { limit: 100 }), 200).body['items'] as readonly Json[];
const batches = async (): Promise<readonly Json[]> =>
  Promise.all(
    (await destructions()).map(async ({ id }) => having(await auditor.get(`/v1/destructions/${String(id)}`), 200).body),
  );
const batchOf = async (object: string): Promise<Json | undefined> =>
  (await batches()).find(({ objects }) => (objects as readonly Json[]).some(({ id }) => id === object));
const verdict = async () => {
  const { log } = suite.backbone;
  const signatures = logSignatures(log.origin, log.keys, Date.now);
  const note = (await log.files.checkpoint())!;
  const { size } = await signatures.judge(note);
  async function* exported(): AsyncGenerator<Uint8Array> {
    for await (const piece of exportedRecords(log.table, size)) yield Buffer.from(piece);
  }
  return verifyLog({
    ...{ source: log.files, policy: trusting(...(await signatures.keys())), checkpoint: note },
    records: readRecords(exported()),
  });
};

describe('a legal hold', () => {
  it('is set and shown with its reason, found, and needs something to hold and a person', async () => {
    expect(hold).toMatchObject({
      ...{ status: 'standing', on: { kind: 'application', id: held.application } },
      reason: 'Rechtbank Midden-Nederland, zaak C/16/1234',
    });
    const { position: _position, ...shown } = hold;
    expect(having(await governance.get(`/v1/legal-holds/${String(hold['id'])}`), 200).body).toEqual(shown);
    const { items } = having(await governance.ask('/v1/legal-holds/_search', { standing: true }), 200).body;
    expect(items).toEqual([expect.not.objectContaining({ reason: expect.anything() })]);
    const nothing = await governance.command('/v1/legal-holds', {
      ...{ on: { kind: 'check', id: NOBODY }, reason: 'zomaar' },
    });
    expect([nothing.status, faultsOf(nothing)]).toEqual([400, [`/on/id ${'nothing-to-hold'}`]]);
    const faulty = await governance.command('/v1/legal-holds', { on: { kind: 'planet', id: 'x' }, reason: 7, more: 1 });
    expect(faulty.status).toBe(400);
    expect(faultsOf(faulty).map((fault) => fault.split(' ')[0])).toEqual(['/more', '/on/id', '/on/kind', '/reason']);
    expect((await supplier.command('/v1/legal-holds', { on: hold['on'], reason: 'x' })).status).toBe(403);
  });
});

describe('seven years later', () => {
  const receiptOf = async (check: string) => supplier.get(`/v1/checks/${check}/receipt`);
  let ofLeft: string;
  let neighbor: string;

  it('has destroyed nothing a day too early (ARCH-10)', async () => {
    ofLeft = having(await receiptOf(left.ofDirector[0]!), 200).text;
    neighbor = having(await receiptOf(stays.ofDirector[0]!), 200).text;
    suite.pass(7 * YEAR - 3 * DAY);
    await suite.backbone.readModels.upToDate({ name: 'retention' } as never);
    expect(await destructions()).toEqual([]);
    expect(having(await supplier.get(`/v1/persons/${left.director.id}`), 200).body['givenNames']).toBe('Specimen');
  });

  it('destroys the keys, records and files of what nothing rests on any more (ARCH-11)', async () => {
    suite.pass(6 * DAY);
    await looked('the intake is gone', async () => (await batchOf(left.application)) !== undefined);
    await looked('the director is gone', async () => (await batchOf(left.director.id)) !== undefined);
    await looked('the file is gone', async () => (await batchOf(form)) !== undefined);
    await until('he never was', async () => (await supplier.get(`/v1/persons/${left.director.id}`)).status === 404);
    await until('its end is on record', async () => {
      const { status, ground } = having(await supplier.get(`/v1/evidence/${form}`), 200).body;
      return status === 'destroyed' && ground === 'retentionOver';
    });
    const files = (await suite.backbone.evidence.files()) as unknown as { addresses(): readonly string[] };
    await until('one file is left', () => files.addresses().length === 1);
    await until('its receipt is gone', async () => (await receiptOf(left.ofDirector[0]!)).status === 410);
    expect((await receiptOf(left.ofDirector[0]!)).body['code']).toBe('erased');
  });

  it('answers what was destroyed as what never was, by every app, and takes no command on it (ARCH-11)', async () => {
    await looked('the organization is gone', async () => (await batchOf(left.party)) !== undefined);
    const { id } = left.director;
    const check = left.ofDirector[0]!;
    for (const path of [
      `persons/${id}`,
      `parties/${left.party}`,
      `applications/${left.application}`,
      `checks/${check}`,
    ]) {
      const answer = await supplier.get(`/v1/${path}`);
      expect([path, answer.status, answer.body['code']]).toEqual([path, 404, expect.stringMatching(/^no-such-/)]);
    }
    const contact = { kind: 'email', value: 'na@afloop.example', suppliedBy: 'submitter' };
    for (const path of [`persons/${id}`, `parties/${left.party}`]) {
      expect([path, (await supplier.command(`/v1/${path}/contacts`, contact)).status]).toEqual([path, 404]);
    }
    const about = { type: 'idDocumentStatus', application: stays.application, about: { person: id } };
    expect(faultsOf(await supplier.command('/v1/checks', about)).join()).toContain('unknown-person');
    const intakes = having(await supplier.ask('/v1/applications/_search', { limit: 100 }), 200).body['items'];
    const listed = (intakes as readonly Json[]).map((item) => item['id']);
    expect(listed).toContain(stays.application);
    expect(listed).not.toContain(left.application);
  });

  it('lets an organization that was destroyed be registered under its number again, as another one (PARTY-01, ARCH-11)', async () => {
    const [register, number] = left.organization.split(':');
    const body = {
      kind: 'privateLegalPerson',
      register,
      number,
      name: 'Test Stichting Herleefd',
      naturalPersonsBusiness: false,
    };
    const again = having(await supplier.command('/v1/parties', body), 201).body;
    expect(again['id']).not.toBe(left.party);
    having(await supplier.get(`/v1/parties/${String(again['id'])}`), 200);
    const { items } = having(await supplier.ask('/v1/parties/_search', { number }), 200).body;
    expect((items as readonly Json[]).map(({ id }) => id)).toEqual([again['id']]);
  });

  it('keeps whatever something still rests on, and what a hold stands on (ARCH-10, MAND-06)', async () => {
    const gone = (await batches()).flatMap(({ objects }) => (objects as readonly Json[]).map(({ id }) => id));
    for (const id of [stays.application, stays.director.id, stays.employee.id, stays.party, authorization['id']]) {
      expect(gone).not.toContain(id);
    }
    for (const check of stays.dossier) expect(gone).not.toContain(check);
    expect(gone).not.toContain(mandate);
    for (const id of [held.application, held.director.id, held.employee.id, ...held.dossier]) {
      expect(gone).not.toContain(id);
    }
    expect(having(await supplier.get(`/v1/persons/${held.director.id}`), 200).body['givenNames']).toBe('Specimen');
  });

  it('leaves a log that is intact and complete, whose older receipts still verify', async () => {
    await until('the log says what was destroyed', async () => {
      const { fault, account } = await verdict();
      return fault === undefined && account!.isComplete && account!.destroyed > 0 && account!.stillThere === 0;
    });
    const { account } = await verdict();
    const records = (await batches()).reduce((sum, batch) => sum + (batch['records'] as number), 0);
    expect(account).toMatchObject({ isComplete: true, destroyed: records, unexplained: 0, wrong: 0, faults: [] });
    const { log } = suite.backbone;
    const policy = trusting(...(await logSignatures(log.origin, log.keys, Date.now).keys()));
    for (const receipt of [ofLeft, neighbor]) expect(() => verifyReceipt(receipt, policy)).not.toThrow();
  });

  it('gives a statement of each batch, and a receipt that it stands in the log', async () => {
    const batch = (await batchOf(left.application))!;
    const path = `/v1/destructions/${String(batch['id'])}`;
    // Before that it says of itself that it is no statement yet.
    await until('all of it is gone', async () => {
      const { status } = having(await governance.get(path), 200).body;
      return status === 'destroyed';
    });
    const listed = having(await governance.ask('/v1/destructions/_search', { status: 'destroyed' }), 200).body;
    expect((listed['items'] as readonly Json[]).map(({ id }) => id)).toContain(batch['id']);
    const statement = having(await governance.get(`${path}/statement`), 200);
    expect(statement.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(statement.text).toContain('VERKLARING VAN VERNIETIGING');
    expect(statement.text).toContain(`application ${left.application}`);
    expect(statement.text).toContain('bewaartermijn van 7 jaar verstreken');
    const receipt = having(await governance.get(`${path}/receipt`), 200).text;
    const { log } = suite.backbone;
    const policy = trusting(...(await logSignatures(log.origin, log.keys, Date.now).keys()));
    expect(verifyReceipt(receipt, policy).record.toString()).toContain(String(batch['id']));
    for (const part of ['', '/statement', '/receipt']) {
      expect((await governance.get(`/v1/destructions/${NOBODY}${part}`)).body['code']).toBe('no-such-destruction');
    }
    expect((await supplier.get(path)).status).toBe(403);
    const none = await governance.ask('/v1/destructions/_search', { destroyedBefore: '2027-01-01T00:00:00Z' });
    expect(having(none, 200).body['items']).toEqual([]);
  });

  it('goes on with what was held once that is lifted', async () => {
    const path = `/v1/legal-holds/${String(hold['id'])}/liftings`;
    const lifted = having(await governance.command(path, { reason: 'Het vonnis is onherroepelijk' }), 200).body;
    expect(lifted).toMatchObject({ status: 'lifted', liftingReason: 'Het vonnis is onherroepelijk' });
    expect((await governance.command(path, { reason: 'Nog eens' })).body['code']).toBe('legal-hold-lifted');
    expect((await governance.command(path.replace(String(hold['id']), NOBODY), { reason: 'Nog eens' })).status).toBe(
      404,
    );
    suite.pass(DAY + A_LOOK);
    await looked('what was held is gone', async () => (await batchOf(held.application)) !== undefined);
  });
});
