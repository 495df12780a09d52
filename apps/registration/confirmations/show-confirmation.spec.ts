import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { streamId, type DomainEvent } from '#libs/kernel';
import { confirmationDecider } from '#libs/domain';
import type { Caller, Scope } from '#libs/platform';
import { at, fixedClock, memoryBackbone, uuid, type MemoryBackbone } from '#libs/testing';
import { showConfirmation } from './show-confirmation.js';

/** To whom a confirmation tells the names in it, and what stays on record of that (VIS-05, MIN-01). */

const confirmation = uuid('conf');
const [person, party] = [uuid('person'), uuid('party')];
const NOW = at('2026-03-02T12:00:00Z');

let memory: MemoryBackbone;
beforeEach(async () => void (memory = await memoryBackbone(fixedClock(NOW))));
afterEach(() => memory.close());

async function written(text: string, letter?: string): Promise<void> {
  const data = {
    ...{ confirmation, kind: 'authorizationRegistered', about: { authorization: uuid('auth') }, event: uuid('event') },
    ...{ addressee: { role: 'submitter', kind: 'person', id: person }, channel: 'none', noChannel: 'noAddress' },
    ...{ language: 'nl', subject: 'Bevestiging', text, contentHash: '0'.repeat(64), writtenAt: NOW, effective: {} },
    ...{ authorized: { kind: 'person', id: person }, authorizedName: { clear: 'Anna Maria Jansen' } },
    ...{ represented: { kind: 'party', id: party }, representedName: { clear: 'Praktijk Jansen' } },
  };
  const sent = {
    ...{ confirmation, channel: 'letter', attempts: 0, sentAt: NOW, letter: { on: '2026-03-02', late: false } },
    ...{ addressee: data.addressee, evidence: { clear: letter } },
  };
  await memory.record(
    'confirmation',
    confirmation,
    { type: 'ConfirmationWritten', data } as DomainEvent,
    ...(letter === undefined ? [] : [{ type: 'ConfirmationSent', data: sent } as DomainEvent]),
  );
}

async function shownTo(...scopes: readonly Scope[]) {
  const { backbone, stores } = memory;
  const since = await stores.records.head();
  const caller: Caller = { client: 'receiver', scopes: new Set(scopes) };
  const context = { client: 'receiver', actor: { client: 'receiver' }, correlationId: 'trace', traceparent: 'parent' };
  const { state, history } = await backbone.commands.load(confirmationDecider, streamId('confirmation', confirmation));
  if (state.status === 'unwritten') throw new Error('it is not on record');
  const view = await showConfirmation(backbone, { caller, context }, state, history);
  const { items } = await stores.records.read(since, 10);
  return { view, records: items.map(({ bytes }) => JSON.parse(bytes) as object) };
}

const READING = {
  ...{ kind: 'reading', schemaVersion: 4, actor: { client: 'receiver' }, correlationId: 'trace' },
  data: { what: 'confirmations', question: { id: confirmation }, shown: [confirmation], readAt: NOW },
};

it.each<[readonly Scope[], string, boolean]>([
  [['governance'], '{authorized} voor {represented}', false],
  [['registration'], '{authorized} voor Praktijk Jansen', true],
  [['governance', 'issuance'], 'Anna Maria Jansen voor {represented}', true],
  [['registration', 'issuance'], 'Anna Maria Jansen voor Praktijk Jansen', true],
])('to a token with the scopes %s it says: %s', async (scopes, expected, isOnRecord) => {
  await written('{authorized} voor {represented}');
  const { view, records } = await shownTo(...scopes);
  expect([view.text, view.withoutNames]).toEqual([expected, expected.includes('{') ? true : undefined]);
  expect(records).toMatchObject(isOnRecord ? [READING] : []);
  expect(JSON.stringify(records)).not.toContain('Jansen');
});

it('without a sealed name in it is anybody’s who may see confirmations, and leaves no record', async () => {
  await written('Dit bericht komt van Leverancier.');
  const { view, records } = await shownTo('governance');
  expect([view.text, view.withoutNames, records]).toEqual(['Dit bericht komt van Leverancier.', undefined, []]);
});

it('says what shows a letter to whoever may see its addressee', async () => {
  await written('Dit bericht komt van Leverancier.', 'registered letter 3SABCD');
  const withheld = await shownTo('registration');
  expect([withheld.view.letter, withheld.records]).toEqual([{ on: '2026-03-02', late: false }, []]);
  const { view, records } = await shownTo('registration', 'issuance');
  expect(view.letter).toEqual({ on: '2026-03-02', late: false, evidence: 'registered letter 3SABCD' });
  expect(records).toMatchObject([READING]);
});

it('once a name was erased is erased for all', async () => {
  await written('{authorized} voor {represented}');
  memory.vault.destroyKey({ kind: 'person', id: person });
  for (const scopes of [['governance'], ['registration', 'issuance']] as const) {
    const { view, records } = await shownTo(...scopes);
    expect([view.text, view.erased, view.withoutNames, records]).toEqual([undefined, true, undefined, []]);
  }
});
