import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dossierProjections } from '#libs/application';
import { at, fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { lookUp } from './look-up.js';

const { ids, meansFacts, recordPaperRegistration } = paperRegistration;
let memory: MemoryBackbone;

beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(at('2026-03-02T15:00:00Z')), { readModels: [...dossierProjections] });
  await recordPaperRegistration(memory, []);
  await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'applied'));
});
afterEach(() => memory.close());

type Named = readonly [kind: string, id: string, beside?: Readonly<Record<string, unknown>>];
const faultsOf = async (...named: readonly Named[]): Promise<readonly string[]> => {
  const faults = await lookUp(memory.backbone)(
    named.map(([kind, id, beside = {}], index) => ({ kind, id, pointer: `/${index}`, beside })),
  );
  return faults.map(({ code, pointer }) => `${pointer} ${code}`);
};

describe('what a request names', () => {
  it('has no fault where it is on record or in a list, however its id is written', async () => {
    const { services } = memory.backbone.governance;
    expect(
      await faultsOf(
        ['application', ids.application.toUpperCase()],
        ['person', ids.employee],
        ['party', ids.company],
        ['means', ids.means],
        ['service', services[0]!.id],
        ['provider', services[0]!.provider],
        ['product', 'password-sms'],
        ['supplier', 'submitter'],
        ['person', 'no id at all'],
      ),
    ).toEqual([]);
  });

  it('is an address that webhooks may go to, or has the fault of one that they may not', async () => {
    expect(
      await faultsOf(['webhookAddress', 'https://receiver.example/'], ['webhookAddress', 'https://10.0.0.1/']),
    ).toEqual(['/1 webhook-address-refused']);
  });

  it('has the fault that the command itself would give, all at once', async () => {
    const nobody = uuid('person', 99);
    expect(
      await faultsOf(
        ...(['application', 'person', 'party', 'means', 'authorization', 'check', 'supplier'] as const).map(
          (kind) => [kind, nobody] as const,
        ),
        ['service', 'no-service'],
        ['group', 'no-group'],
        ['product', 'no-product'],
        ['provider', 'no-provider'],
      ),
    ).toEqual([
      '/0 unknown-application',
      '/1 unknown-person',
      '/2 unknown-party',
      '/3 unknown-means',
      '/4 unknown-authorization',
      '/5 unknown-check',
      '/6 unknown-check',
      '/7 unknown-service',
      '/8 unknown-service',
      '/9 unknown-product',
      '/10 unknown-provider',
    ]);
  });

  it('has the fault of a moment by the clock, in any offset, and of a late one that says no reason', async () => {
    expect(
      await faultsOf(
        ['happened', '2026-03-02T15:00:05Z'],
        ['happened', '2026-03-02T15:00:06+00:00'],
        ['happened', '2026-01-02T15:00:00Z'],
        ['happened', '2026-01-02T15:00:00Z', { lateEntryReason: 'Came by post' }],
        ['happened', 'no moment at all'],
      ),
    ).toEqual(['/1 instant-in-future', '/2 late-entry-reason-missing']);
  });

  it('PARTY-01: has the faults of a kind of party beside its register, number and person, as far as these are some', async () => {
    const nobody = uuid('person', 99);
    expect(
      await faultsOf(
        ['registration', 'privateLegalPerson', { register: 'kvk', number: '87000001' }],
        ['registration', 'privateLegalPerson', { register: 'trr', number: '87000001', person: nobody }],
        ['registration', 'undertaking', { register: 'rsin', number: 7 }],
        ['registration', 'undertaking', { register: 'KVK', number: 'x' }],
        ['registration', 'club', { register: 'kvk', number: 'x' }],
      ),
    ).toEqual(['/register register-not-for-kind', '/person person-not-for-kind', '/number invalid-value']);
  });

  it('is a bug where nothing finds its kind', async () => {
    await expect(faultsOf(['moon', uuid('person', 1)])).rejects.toThrow('a member names a moon');
  });
});
