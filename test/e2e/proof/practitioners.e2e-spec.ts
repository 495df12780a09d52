import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import type { Human } from '../support/clerk.js';
import { having, type Answer, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  checkedCopy,
  circumstances,
  confirmedBy,
  documentStatus,
  partyAttributes,
  professionalRegister,
  representation,
  signedOnPaper,
  type Fact,
  type Scene,
} from '../ways/support/facts.js';
import { codesOf, expectEarned, shownIn, walk, whyOf, type Earned } from '../ways/support/register.js';
import {
  application,
  correctParty,
  party,
  person,
  record,
  sceneOf,
  setStage,
  type Stage,
} from '../ways/support/stage.js';

/** PROOF-02, AMB-76: the register of a profession shows the practitioner himself and nobody else, through HTTP. */

let suite: TestSuite;
let client: Client;
let stage: Stage;

beforeAll(async () => {
  suite = await startSuite();
  client = await suite.client('supplier');
  stage = await setStage(suite, client);
});
afterAll(() => suite.end());

const EH3 = { aimedLevel: 'EH3' };
const signed = [...signedOnPaper, documentStatus('submitter')];
const inProfession = { register: 'professionalRegister' };
const rest = [partyAttributes(), professionalRegister(), ...signed, ...checkedCopy];
const full = [...rest, representation('submitter', inProfession), circumstances()];
const practiceOf = (practitioner?: Human): Promise<string> =>
  party(client, 'practitioner', practitioner === undefined ? {} : { person: practitioner.id });
const registering = (scene: Partial<Scene>, checks: readonly Fact[] = full): Promise<Earned> =>
  walk(stage, { kind: 'practitioner', scene, checks, body: EH3 });

describe('a practice', () => {
  it('is represented by the practitioner, under whichever of his records', async () => {
    const twin = { familyName: `Evenbeeld-${randomUUID().slice(0, 13)}`, birthDate: '1980-01-02' };
    const practitioner = await person(client, twin);
    const scene = { party: await practiceOf(practitioner), submitter: practitioner };
    await expectEarned(stage, await registering(scene), 'IA2-b IO3-d IG3-f IV3', 'EH3');
    const again = await person(client, twin);
    having(await client.command(`/v1/persons/${again.id}/links`, { to: practitioner.id, same: true }), 200);
    await expectEarned(stage, await registering({ ...scene, submitter: again }), 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it.each<readonly [whose: string, practice: () => Promise<string>]>([
    ['of somebody else', async () => practiceOf(await person(client))],
    ['whose practitioner nobody named', () => practiceOf()],
  ])('%s is not represented by whoever is found in the register', async (_whose, practice) => {
    const earned = await registering({ submitter: await person(client), party: await practice() });
    expect([earned.answer.status, earned.answer.body['errors']]).toEqual([
      409,
      [expect.objectContaining({ code: 'aspect-unscored', aspect: 'IV' })],
    ]);
    expect(shownIn(earned.answer, earned.checks[rest.length]!)).toMatchObject({
      counts: false,
      why: 'not-the-practitioner',
    });
    // Once the party says that it is he, as its register shows, what the register showed of him counts.
    const himself = { person: earned.scene.submitter.id };
    await correctParty(client, earned.scene.party, himself, [professionalRegister()]);
    await expectEarned(stage, await registering(earned.scene), 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('is not represented by an entry in the trade register', async () => {
    const practitioner = await person(client);
    const earned = await registering({ party: await practiceOf(practitioner), submitter: practitioner }, [
      ...rest,
      representation(),
      circumstances(),
    ]);
    expect([earned.answer.status, codesOf(earned.answer), earned.scores['IV']]).toEqual([409, ['aspect-unscored'], 0]);
    expect(whyOf(earned, rest.length)).toBe('other-register');
  });

  it('has nobody else who confirms after a finding', async () => {
    const practitioner = await person(client);
    const ofColleague = representation('colleague', inProfession);
    const found = [...full.slice(0, -1), circumstances('found', true), ofColleague];
    const earned = await registering({ party: await practiceOf(practitioner), submitter: practitioner }, [
      ...found,
      confirmedBy('colleague', 'representative'),
    ]);
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['special-circumstances-unconfirmed']]);
    expect([whyOf(earned, -2), whyOf(earned, -1)]).toEqual(['not-the-practitioner', 'not-shown-by-register']);
  });
});

describe('the end of an authorization of a practice (PROOF-09)', () => {
  const ending = async (of: Scene, authorization: string, by: Human): Promise<Answer> => {
    const intake = await application(client, 'nonElectronic', 'revocation');
    const scene = sceneOf({ application: intake, party: of.party, submitter: by });
    return client.command('/v1/revocation-requests', {
      application: intake,
      object: { authorization },
      requester: { role: 'legalRepresentative', person: by.id },
      checks: await record(client, scene, [...signed, representation('submitter', inProfession)]),
    });
  };

  it('is his to ask for, and nobody else’s', async () => {
    const practitioner = await person(client);
    const { answer, scene } = await registering({ party: await practiceOf(practitioner), submitter: practitioner });
    const authorization = having(answer, 201).body['id'] as string;
    const refused = having(await ending(scene, authorization, await person(client)), 201).body;
    expect(refused).toMatchObject({ status: 'refused', codes: ['requester-not-entitled'] });
    const accepted: Json = having(await ending(scene, authorization, practitioner), 201).body;
    expect(accepted).toMatchObject({ status: 'effected' });
  });
});
