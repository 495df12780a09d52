import { describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { paperRegistration, uuid, weighingScene, type WeighingCase } from '#libs/testing';

const { ids, lookedUpAt, meansFacts, personFacts, receivedAt, recordChecks } = paperRegistration;
const { director, employee, employeesPassport } = ids;
const { colleague, copy, DAY, fact, MINUTE, of } = weighingScene;
const scene = weighingScene.sceneOfEach();
const { weighed } = scene;

describe('PROOF-04: vouching', () => {
  const vouching = (meansLink: string, members: object = {}) =>
    fact('vouching', of(employee), { voucher: director, coversIdentityAndAttributes: true, meansLink, ...members });
  const why = async (meansLink: string, members: object = {}, more: Partial<WeighingCase> = {}) => {
    const { standing } = await weighed({ named: [vouching(meansLink, members)], ...more });
    return [standing[0]!.why ?? 'counts', standing[0]!.derived.meansLink];
  };
  const issued = async (delivery: object | undefined, issuedAt: string = receivedAt) => {
    const named =
      delivery === undefined
        ? []
        : await recordChecks(scene.memory, [
            fact('meansDelivery', { means: ids.means }, { form: 'passwordObtainedInPerson', ...delivery }),
          ]);
    const life = meansFacts(ids.means, employee, 'issued').map((event) =>
      event.type === 'MeansIssued' ? { ...event, data: { ...event.data, checks: named, issuedAt } } : event,
    );
    await scene.memory.record('means', ids.means, ...(life as never[]));
  };

  it('ties the means where its delivery says that the voucher handed it over', async () => {
    await issued({ handedBy: director, handedOutAt: later(lookedUpAt, -1) });
    expect(await why('issuedThroughVoucher')).toEqual(['counts', 'issuedThroughVoucher']);
    expect(await why('none')).toEqual(['counts', 'none']);
  });

  it.each<[string, object | undefined]>([
    ['by nobody', {}],
    ['by somebody else', { handedBy: colleague }],
    ['at the very moment at which he vouched', { handedBy: director, handedOutAt: lookedUpAt }],
    ['after he vouched', { handedBy: director, handedOutAt: later(lookedUpAt, 1) }],
    ['by no delivery on record', undefined],
  ])('ties nothing where it was handed over %s', async (_by, delivery) => {
    await issued(delivery);
    expect(await why('issuedThroughVoucher')).toEqual(['not-handed-by-voucher', 'none']);
  });

  it('ties nothing where no means is registered with, or one that is not on record', async () => {
    const { standing } = await weighed({ named: [vouching('issuedThroughVoucher')] });
    expect(standing[0]!.why).toBe('not-handed-by-voucher');
    for (const link of ['issuedThroughVoucher', 'fullPersonalData']) {
      expect(await why(link, {}, { roles: { means: undefined as never } })).toEqual([expect.any(String), 'none']);
    }
  });

  it('ties the means by its last delivery, whatever else it was issued on', async () => {
    const handed = (handedBy: string, performedAt: string) =>
      fact('meansDelivery', { means: ids.means }, { form: 'passwordObtainedInPerson', handedBy, performedAt });
    const life = async (...checks: readonly CheckFacts[]) => {
      const named = await recordChecks(scene.memory, checks);
      await scene.memory.record(
        'means',
        ids.means,
        ...(meansFacts(ids.means, employee, 'active').map((event) =>
          event.type === 'MeansIssued' ? { ...event, data: { ...event.data, checks: named } } : event,
        ) as never[]),
      );
    };
    const [early, late] = [later(lookedUpAt, -2 * MINUTE), later(lookedUpAt, -MINUTE)];
    const afterwards = copy(employee, employeesPassport, { performedAt: lookedUpAt });
    await life(handed(director, late), afterwards, handed(colleague, early));
    expect(await why('issuedThroughVoucher')).toEqual(['counts', 'issuedThroughVoucher']);
    await scene.renew();
    await life(handed(director, early), handed(colleague, late));
    expect(await why('issuedThroughVoucher')).toEqual(['not-handed-by-voucher', 'none']);
  });

  it('ties nothing where a later delivery is on record before he vouched, though nobody named it', async () => {
    const sent = (performedAt: string, members: object = {}) =>
      fact(
        'meansDelivery',
        { means: ids.means },
        { form: 'registeredLetter', addressValidated: true, performedAt, ...members },
      );
    const handedAt = later(lookedUpAt, -2 * MINUTE);
    const judged = async (...others: readonly CheckFacts[]) => {
      await scene.renew();
      await issued({ handedBy: director, performedAt: handedAt });
      return why('issuedThroughVoucher', {}, { others });
    };
    expect(await judged(sent(later(lookedUpAt, -MINUTE)))).toEqual(['not-handed-by-voucher', 'none']);
    // Nor does one count that nobody named, whoever handed it over.
    const again = sent(later(lookedUpAt, -MINUTE), { handedBy: director });
    expect(await judged(again)).toEqual(['not-handed-by-voucher', 'none']);
    for (const other of [
      sent(later(handedAt, -MINUTE)),
      sent(lookedUpAt),
      sent(later(lookedUpAt, -MINUTE), { about: { means: uuid('means', 2) } }),
      sent(later(lookedUpAt, -MINUTE), { application: uuid('appl', 9) }),
    ])
      expect(await judged(other)).toEqual(['counts', 'issuedThroughVoucher']);
  });

  it('ties the means where it was handed over by the voucher under another record of his', async () => {
    const twin = uuid('person', 7);
    await scene.memory.record('person', twin, ...personFacts(twin));
    await scene.memory.record('person', director, { type: 'PersonLinked', data: { person: director, to: twin } });
    await issued({ handedBy: twin, handedOutAt: later(lookedUpAt, -1) });
    expect(await why('issuedThroughVoucher')).toEqual(['counts', 'issuedThroughVoucher']);
  });

  it.each([
    ['voucher', director, employee],
    ['holder', employee, director],
  ])('IG2-d: ties nothing while the %s may be the other one, though he alone carries it', async (_who, one, other) => {
    await issued({ handedBy: director, handedOutAt: later(lookedUpAt, -1) });
    const recognized = { type: 'DuplicatesRecognized', data: { person: one, of: [other] } };
    await scene.memory.record('person', one, recognized as never);
    expect(await why('issuedThroughVoucher')).toEqual(['not-uniquely-identified', 'none']);
  });

  it('ties nothing while the means is not issued', async () => {
    await scene.memory.record('means', ids.means, ...meansFacts(ids.means, employee, 'applied'));
    expect(await why('issuedThroughVoucher')).toEqual(['not-handed-by-voucher', 'none']);
    expect(await why('fullPersonalData')).toEqual(['means-issued-later', 'none']);
  });

  it('by other links counts only for a means issued before the application came in; secrets are not compared', async () => {
    await issued(undefined, later(receivedAt, -DAY));
    expect(await why('sharedSecret')).toEqual(['secret-not-compared', 'none']);
    await scene.renew();
    await issued(undefined);
    expect(await why('sharedSecret')).toEqual(['means-issued-later', 'none']);
  });

  it('by the full data counts where they came in anew, as a record that agrees with the holder’s', async () => {
    await issued(undefined, later(receivedAt, -DAY));
    const supplied = uuid('person', 7);
    const supply = async (members: object) =>
      scene.memory.record(
        'person',
        supplied,
        {
          type: 'PersonRegistered',
          data: {
            ...(personFacts(supplied)[0]!.data as object),
            application: ids.application,
            duplicatesOf: [employee],
            ...members,
          },
        } as never,
        { type: 'PersonLinked', data: { person: supplied, to: employee } },
        {
          type: 'DocumentRecorded',
          data: {
            person: supplied,
            document: uuid('doc', 7),
            documentType: 'passport',
            number: { clear: 'NX1234567' },
            expiresOn: { clear: '2026-03-02' },
          },
        } as never,
      );
    const recorded = (person: string) => fact('identityAttributesRecorded', of(person), { uniquelyIdentifying: true });
    const judged = async (person: string) => {
      const { standing } = await weighed({ named: [vouching('fullPersonalData'), recorded(person)] });
      return standing[0]!.why ?? 'counts';
    };
    // The holder's own record proves nothing about what was supplied.
    expect(await judged(employee)).toBe('data-not-compared');
    await supply({});
    expect(await judged(supplied)).toBe('counts');
    expect(await judged(employee)).toBe('data-not-compared');
  });
});
