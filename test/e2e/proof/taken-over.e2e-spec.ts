import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { having, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  askedApart,
  attributes,
  checkedCopy,
  circumstances,
  copy,
  declaresFunction,
  documentStatus,
  identifiedParty,
  mandateDecision,
  representation,
  signedForm,
  signedOnPaper,
  units,
  vouching,
  type Fact,
} from '../ways/support/facts.js';
import { codesOf, registerBy, sceneFor, shownIn, type Way } from '../ways/support/register.js';
import { application, issueAt, person, record, sceneOf, setStage, type Stage } from '../ways/support/stage.js';

/**
 * What the application in which a means was issued hands on to a registration: who its holder is, and nothing that was
 * said for that process (REG-10, PROOF-01, classification.md 1.5), through HTTP.
 */

let suite: TestSuite;
let client: Client;
let stage: Stage;

beforeAll(async () => {
  suite = await startSuite();
  client = await suite.client('supplier');
  stage = await setStage(suite, client);
});
afterAll(() => suite.end());

const signed = [...signedOnPaper, documentStatus('submitter')];
const withoutForm = [attributes('submitter'), copy('submitter'), documentStatus('submitter')];
const looked = [...identifiedParty, circumstances(), ...checkedCopy];
const ofState = { kind: 'publicLegalPerson', body: { scope: { all: true } } } as const;
const onPaper = { body: { scope: { all: true } } } as const;

interface Said {
  readonly way: Omit<Way, 'checks'>;
  /** Everything else that EH3 takes. */
  readonly rest: readonly Fact[];
  readonly fact: Fact;
  readonly reached: string;
  readonly missing: Json;
}

describe('what was said in the application of the means is not said in this one', () => {
  it.each<readonly [what: string, said: Said]>([
    [
      'a look for special circumstances',
      {
        way: {},
        rest: [...identifiedParty, ...signed, representation(), ...checkedCopy],
        fact: circumstances(),
        reached: 'EH2+',
        missing: { IV: 3 },
      },
    ],
    [
      'the signature on a form',
      {
        way: onPaper,
        rest: [...looked, ...withoutForm, representation()],
        fact: signedForm(),
        reached: 'EH1',
        missing: { IO: 3 },
      },
    ],
    [
      'a vouching',
      {
        way: {},
        rest: [
          ...identifiedParty,
          ...signed,
          representation(),
          circumstances(),
          attributes('authorized'),
          copy('authorized'),
        ],
        fact: vouching(),
        reached: 'EH2+',
        missing: { IG: 3 },
      },
    ],
    [
      'how many units it concerns',
      {
        way: ofState,
        rest: [...looked, ...signed, representation(), askedApart()],
        fact: units(),
        reached: 'EH1',
        missing: { IV: 3 },
      },
    ],
    [
      'a declaration of function',
      {
        way: ofState,
        rest: [...looked, ...signed, units(), representation('submitter', { basis: 'byFunction' }), askedApart()],
        fact: declaresFunction(),
        reached: 'EH1',
        missing: { IV: 3 },
      },
    ],
    [
      'a mandate decision',
      {
        way: { ...ofState, role: 'mandateHolder' },
        rest: [...looked, ...signed, units(), declaresFunction(), askedApart()],
        fact: mandateDecision(),
        reached: 'EH1',
        missing: { IV: 3 },
      },
    ],
  ])('%s', async (_what, { way, rest, fact, reached, missing }) => {
    const human = await person(client);
    const ofMeans = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });
    const means = await issueAt(client, ofMeans, 3, stage.director);
    const given: Way = {
      ...way,
      checks: [],
      scene: { authorized: human, means },
      body: { ...(way.body as Json | undefined), aimedLevel: 'EH3' },
    };
    const scene = await sceneFor(stage, given);
    const [before] = await record(client, { ...scene, application: ofMeans.application }, [fact]);
    const own = await record(client, scene, rest);
    const refused = await registerBy(client, given, scene, [...own, before!]);
    expect([refused.status, refused.body['code']]).toEqual([409, 'level-not-reached']);
    expect((refused.body['errors'] as readonly Json[])[0]).toMatchObject({ reached, missing: { aspects: missing } });
    expect(codesOf(refused)).toContain('evidence-not-reusable');
    expect(shownIn(refused, before!)).toMatchObject({ counts: false, why: 'other-application', joined: false });
    // Said in this one it counts; what was said there still does not.
    const answer = await registerBy(client, given, scene, [...own, before!, ...(await record(client, scene, [fact]))]);
    expect(having(answer, 201).body).toMatchObject({ eh: 'EH3' });
    expect(shownIn(answer, before!)).toMatchObject({ counts: false, why: 'other-application' });
  });
});
