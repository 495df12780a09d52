import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { documentStatus, representativeChecks } from '#apps/suite';
import type { Json } from './support/api.js';
import { paperCase, type PaperCase } from './support/case.js';
import { faultsOf, having, type Answer, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';

/** REV-09: from receipt to decision and effect, per object, level and channel, with every breach. */

const DAY = 86_400_000;
const PATH = '/v1/revocation-requests';

let suite: MemorySuite;
let supplier: Client;
let case1: PaperCase;
let before: number;

beforeAll(async () => {
  before = Date.now() - DAY;
  suite = await startMemorySuite();
  supplier = await suite.client('supplier');
  case1 = await paperCase(supplier);
});
afterAll(() => suite.end());

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
const authorized = async (): Promise<Json> => {
  const means = await case1.means();
  return { authorization: (await case1.authorize(means.id))['id'] };
};
/** A letter of the director that lies in the post. */
async function letter(object: Json): Promise<Json> {
  const application = await case1.desk.application('nonElectronic', ['revocation'], 1, 'writing');
  const requester = { role: 'legalRepresentative', person: case1.director.id };
  return having(await supplier.command(PATH, { application, object, requester, checks: [] }), 201).body;
}
async function decide({ id, application }: Json): Promise<Answer> {
  const checks: string[] = [];
  for (const facts of [...representativeChecks(case1.director, case1.party), documentStatus(case1.director)]) {
    checks.push(await case1.desk.check(application as string, facts, 0));
  }
  return having(await supplier.command(`${PATH}/${String(id)}/decisions`, { checks }), 200);
}
const report = async (more: Json = {}): Promise<Answer> =>
  supplier.ask('/v1/revocation-report', { from: iso(before), until: iso(before + 30 * DAY), ...more });
const figure = (body: Json, object: string, channel: string): Json | undefined =>
  (body['figures'] as readonly Json[]).find((one) => one['object'] === object && one['channel'] === channel);

async function breachesCounted(): Promise<number> {
  const figures = await (await fetch(`${suite.url}/metrics`)).text();
  const counted = figures.matchAll(/^waarborg_revocation_breaches_total\{.*\} (\d+)$/gmu);
  return [...counted].reduce((sum, [, count]) => sum + Number(count), 0);
}

describe('the report of a period', () => {
  it('counts what was received in it, how long it took, and has every breach (REV-09)', async () => {
    const login = await case1.means();
    const body = await case1.revocation(await authorized(), login.id);
    const electronic = having(await supplier.command(PATH, body), 201).body;
    const refused = { ...(await case1.revocation(await authorized(), login.id)), checks: [] };
    having(await supplier.command(PATH, refused), 201);
    const [inTime, tooLate, waits, takenBack, turnedDown, withdrawn] = [
      await letter(await authorized()),
      await letter(await authorized()),
      await letter(await authorized()),
      await letter(await authorized()),
      await letter(await authorized()),
      await letter({ means: (await case1.means()).id }),
    ] as const;
    having(await supplier.command(`${PATH}/${String(withdrawn['id'])}/decisions`, { withdraw: true }), 200);
    await decide(inTime);
    suite.pass(Date.parse(tooLate['dueAt'] as string) - Date.now() + 60_000);
    const late = (await decide(tooLate)).body;
    expect(late).toMatchObject({ status: 'effected', breached: true });

    const counted = await breachesCounted();
    // What is withdrawn or refused after its deadline was late all the same.
    const missed = (of: Json): Json => ({ dueAt: of['dueAt'], breached: true });
    const decisions = ({ id }: Json, body: Json) => supplier.command(`${PATH}/${String(id)}/decisions`, body);
    expect(having(await decisions(takenBack, { withdraw: true }), 200).body).toMatchObject({
      ...{ status: 'withdrawn', ...missed(takenBack) },
    });
    const { body: no } = having(await decisions(turnedDown, { checks: [] }), 200);
    expect(no).toMatchObject({ status: 'refused', ...missed(turnedDown) });
    const search = { breached: true, after: no['position'] };
    const found = having(await supplier.ask(`${PATH}/_search`, search), 200).body['items'] as readonly Json[];
    expect(found.map(({ id }) => id)).toEqual([turnedDown['id'], takenBack['id'], tooLate['id']]);
    expect((await breachesCounted()) - counted).toBe(2);

    const { body: shown } = having(await report({ after: no['position'] }), 200);
    expect(figure(shown, 'authorization', 'electronic')).toMatchObject({
      ...{ level: 'EH3', received: 2, refused: 1, effected: 1, waiting: 0, withdrawn: 0, accepted: 0, breached: 0 },
      effectedMilliseconds: { median: expect.any(Number), p90: expect.any(Number), longest: expect.any(Number) },
    });
    const paper = figure(shown, 'authorization', 'nonElectronic')!;
    expect(paper).toMatchObject({ level: 'EH3', received: 5, effected: 2, waiting: 1, breached: 4 });
    const { median, longest } = paper['effectedMilliseconds'] as { median: number; longest: number };
    expect(longest).toBeGreaterThan(DAY);
    expect(median).toBeLessThan(longest);
    expect(figure(shown, 'means', 'nonElectronic')).toMatchObject({
      ...{ received: 1, withdrawn: 1, breached: 0, decidedMilliseconds: null, effectedMilliseconds: null },
    });
    const breaches = shown['breaches'] as readonly Json[];
    expect(breaches.map(({ id, status }) => [id, status])).toEqual([
      [tooLate['id'], 'effected'],
      [waits['id'], 'received'],
      [takenBack['id'], 'withdrawn'],
      [turnedDown['id'], 'refused'],
    ]);
    expect(breaches[2]).toMatchObject({ dueAt: takenBack['dueAt'], decidedAt: null });
    expect(breaches[3]).toMatchObject({ dueAt: turnedDown['dueAt'], decidedAt: no['decidedAt'] });
    expect(breaches[0]).toMatchObject({ dueAt: tooLate['dueAt'], effectedAt: late['effectedAt'] });
    expect(breaches[1]).toMatchObject({ dueAt: waits['dueAt'], decidedAt: null });
    expect(breaches[1]).not.toHaveProperty('effectedAt');
    expect(shown['breachesLeftOut']).toBe(0);

    // By receipt: from its moment on, and before the end.
    const { receivedAt } = electronic;
    const from = having(await report({ from: receivedAt, until: iso(Date.parse(receivedAt as string) + 1) }), 200).body;
    expect(figure(from, 'authorization', 'electronic')).toMatchObject({ received: expect.any(Number) });
    const until = having(await report({ until: receivedAt }), 200).body;
    const count = (of: Json): number => Number(figure(of, 'authorization', 'electronic')?.['received'] ?? 0);
    expect(count(until)).toBeLessThan(count(shown));
  });

  it('is of a period, and for those who revoke', async () => {
    const faults = async (more: Json): Promise<readonly string[]> => faultsOf(having(await report(more), 400));
    expect(await faults({ until: iso(before) })).toEqual(['/until invalid-value']);
    expect(await faults({ until: iso(before + 367 * DAY) })).toEqual(['/until invalid-value']);
    expect(await faults({ from: undefined })).toEqual(['/from required']);
    having(await report({ until: iso(before + 366 * DAY) }), 200);
    const other = await suite.client('network');
    const answer = await other.ask('/v1/revocation-report', { from: iso(before), until: iso(before + DAY) });
    expect(having(answer, 403).body).toMatchObject({ code: 'missing-scope' });
  });
});
