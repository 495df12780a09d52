import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Json } from './support/api.js';
import { at, DUO, UWV } from './support/case.js';
import { having, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { until } from './support/until.js';
import { worldOn, type Somebody, type World } from './support/viewers.js';

/** What the client of an intermediary is told of whom that passes its authority on to (CHAIN-04, CONSENT-08, VIS-03, VIS-05). */

const DAY = 86_400_000;
const TAX = 'urn:etoegang:DV:00000099800000003000:services:1';
const ELSEWHERE = 'urn:etoegang:DV:00000099800000003000:services:9';

let suite: MemorySuite;
let supplier: Client;
let world: World;
beforeAll(async () => {
  suite = await startMemorySuite({ telling: { language: 'nl' } });
  supplier = await suite.client('supplier');
  world = await worldOn(suite, supplier);
});
afterAll(() => suite.end());

const only = (...services: readonly string[]) => ({ scope: { all: false, services, groups: [] } });
const passable = { nature: { rightOfSubstitution: true, actsIndependently: true } };

/** The notice to the client, once its authority is passed on by this. */
async function noticeOf(to: Somebody, linkData: Json, givenData: Json) {
  const [client, other, office] = [await world.party(), await world.party(), await world.party()];
  const own = await world.authorization(client, office, { data: { ...passable, ...linkData } });
  const given = await world.authorization(office, to, {
    data: { ...givenData, onlyForClients: [client, other], aimedLevel: 'EH4' },
  });
  let found: readonly Json[] = [];
  await until('the client is told', async () => {
    const asked = { party: client, kind: 'substitution', authorization: given };
    found = having(await supplier.ask('/v1/confirmations/_search', asked), 200).body['items'] as readonly Json[];
    return found.length === 1;
  });
  const { body } = having(await supplier.get(`/v1/confirmations/${String(found[0]!['id'])}`), 200);
  return { body, text: String(body['text']), own, given, other };
}

it('is what it entrusted itself and can be used in a chain, and nothing else of what was given (CHAIN-12, CHAIN-13)', async () => {
  const until2 = at(300 * DAY);
  const { body, text, own, given, other } = await noticeOf(
    await world.somebody(),
    { ...only(DUO, UWV, TAX), validUntil: until2, establishments: ['000037178598'], m: 2 },
    { ...only(DUO, UWV, ELSEWHERE), forThirdParties: true },
  );
  expect(text).toContain(`Machtiging: ${given}\n`);
  expect(text).toContain(`Uw eigen machtiging: ${own}\n`);
  expect(text).toContain(`(${UWV})\n`);
  expect(text).toContain('Alleen voor vestigingen: 000037178598\n');
  expect(text).toContain('Betrouwbaarheidsniveau: EH2\n');
  // One takes no chain, one it did not give on, one it did not have.
  for (const hidden of [DUO, TAX, ELSEWHERE, 'Alleen voor klanten', 'EH4', other]) expect(text).not.toContain(hidden);
  expect(body['effective']).toMatchObject({ validUntil: until2, level: 'EH2', aimedLevel: 'EH2' });
});

it('names nobody of the intermediary, whatever he permits to be shown to its own (CONSENT-07, CONSENT-08, VIS-03)', async () => {
  for (const displayPermitted of [true, false, undefined]) {
    const somebody = await world.somebody();
    const { text, body } = await noticeOf(somebody, only(UWV), { ...only(UWV), displayPermitted });
    expect(text).toContain('Gemachtigde: iemand van die organisatie\n');
    expect(text).not.toContain('Jansen');
    expect(body).not.toHaveProperty('withoutNames');
    // Nor do the words go with him, who is not in them.
    suite.destroyKey({ kind: 'person', id: somebody.person });
    const after = having(await supplier.get(`/v1/confirmations/${String(body['id'])}`), 200).body;
    expect(after['text']).toBe(text);
  }
});
