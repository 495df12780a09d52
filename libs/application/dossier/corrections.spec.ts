import { describe, expect, it } from '@jest/globals';
import { paperRegistration, weighingScene } from '#libs/testing';

const { assessedAt, ids, lookedUpAt } = paperRegistration;
const { company, employee, employeesPassport } = ids;
const { copy, elsewhere, fact, party, status } = weighingScene;
const scene = weighingScene.sceneOfEach();
const { words } = scene;

describe('PROOF-13: after a correction', () => {
  it('a check that compared the attribute counts for no new dossier', async () => {
    const named = [copy(employee, employeesPassport), status(employee, employeesPassport, 'notReported')];
    expect(await words({ named })).toEqual(['counts', 'counts']);
    await scene.memory.record('person', employee, {
      type: 'PersonCorrected',
      data: {
        person: employee,
        application: elsewhere,
        checks: [],
        correctedAt: assessedAt,
        corrected: ['givenNames'],
        givenNames: { clear: 'Anna' },
        identifyingAttributes: ['familyName', 'givenNames', 'birthDate'],
      },
    } as never);
    // A look at the number of a document compared no name.
    expect(await words({ named })).toEqual(['not corrected-since', 'counts']);
  });

  it('a look-up of a party whose name was corrected is one of another name', async () => {
    const lookup = fact('tradeRegisterLookup', party, {
      via: 'online',
      asOf: lookedUpAt,
      outcome: 'found',
      agreesOn: ['number', 'name', 'address'],
    });
    expect(await words({ named: [lookup] })).toEqual(['counts']);
    await scene.memory.record('party', company, {
      type: 'PartyCorrected',
      data: {
        party: company,
        application: elsewhere,
        checks: [],
        correctedAt: assessedAt,
        corrected: ['name'],
        publicDetails: { name: 'De Linde' },
      },
    } as never);
    expect(await words({ named: [lookup] })).toEqual(['not corrected-since']);
  });
});
