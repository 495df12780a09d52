import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { having, type Answer, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import { circumstances, confirmedBy, hoursAgo, representation, type Fact } from '../ways/support/facts.js';
import { codesOf, shownIn } from '../ways/support/register.js';
import { party, record, sceneOf, setStage, type Stage } from '../ways/support/stage.js';

/** PROOF-12: a party's mark is cleared by what was asked or said since it was set, through HTTP. */

let suite: TestSuite;
let client: Client;
let stage: Stage;

beforeAll(async () => {
  suite = await startSuite();
  client = await suite.client('supplier');
  stage = await setStage(suite, client);
});
afterAll(() => suite.end());

/** A party with an intake of this morning, so that what is said of it has an order of its own. */
interface Marked {
  readonly party: string;
  readonly application: string;
}
const received = async (): Promise<string> => {
  const intake = { channel: 'nonElectronic', medium: 'writing', receivedAt: hoursAgo(3), purposes: ['change'] };
  return having(await client.command('/v1/applications', intake), 201).body['id'] as string;
};
const marked = async (): Promise<Marked> => ({
  party: await party(client, 'privateLegalPerson'),
  application: await received(),
});
const recorded = ({ party, application }: Marked, facts: readonly Fact[]): Promise<readonly string[]> =>
  record(client, sceneOf({ application, party, colleague: stage.colleague }), facts);
const lookedAt =
  (hours: number, outcome: 'none' | 'found' = 'none'): Fact =>
  (of) => ({
    ...(circumstances(outcome, true)(of, client) as Json),
    asOf: hoursAgo(hours),
    performedAt: hoursAgo(hours),
  });
/** A representative whom the register shows says so. */
const confirmedAt = (hours: number): readonly Fact[] => [
  representation('colleague', { asOf: hoursAgo(hours), performedAt: hoursAgo(hours) }),
  confirmedBy('colleague', 'representative', { performedAt: hoursAgo(hours) }),
];
const setting = (of: Marked, body: Json): Promise<Answer> =>
  client.command(`/v1/parties/${of.party}/special-circumstances`, body);
const mark = async (of: Marked): Promise<unknown> =>
  having(await client.get(`/v1/parties/${of.party}`), 200).body['specialCircumstances'];
/** Another intake finds something. */
const found = async (of: Marked, hours: number): Promise<void> => {
  await recorded({ ...of, application: await received() }, [lookedAt(hours, 'found')]);
};

const STATEMENTS: readonly (readonly [what: string, at: (hours: number) => readonly Fact[]])[] = [
  ['a look that finds nothing', (hours) => [lookedAt(hours)]],
  ['a confirmation', confirmedAt],
];

describe.each(STATEMENTS)('the mark that is to be cleared by %s', (_what, at) => {
  const refused = async (of: Marked, checks: readonly string[]): Promise<void> => {
    const answer = await setting(of, { reported: false, checks });
    expect([answer.status, codesOf(answer)]).toEqual([409, ['circumstances-not-cleared']]);
    expect(shownIn(answer, checks.at(-1)!)).toMatchObject({ joined: false });
    expect(await mark(of)).toBe(true);
  };
  const cleared = async (of: Marked, checks: readonly string[]): Promise<void> => {
    having(await setting(of, { reported: false, checks }), 200);
    expect(await mark(of)).toBe(false);
  };

  it('set by a finding, stays when it was asked before that, whenever it was recorded', async () => {
    const of = await marked();
    const before = await recorded(of, at(2));
    await found(of, 1);
    await refused(of, before);
    await refused(of, await recorded(of, at(1.5)));
    await cleared(of, await recorded(of, at(0.5)));
  });

  it('set by a second finding, is not cleared by what answered the first', async () => {
    const of = await marked();
    await found(of, 2);
    const first = await recorded(of, at(1.5));
    await cleared(of, first);
    await found(of, 1);
    expect(await mark(of)).toBe(true);
    await refused(of, first);
    await cleared(of, await recorded(of, at(0.5)));
  });

  it('set by a report, stays when it came on record before that', async () => {
    const of = await marked();
    const before = await recorded(of, at(0));
    having(await setting(of, { reported: true }), 200);
    await refused(of, before);
    await cleared(of, await recorded(of, at(0)));
  });
});
