import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { streamId, type DomainEvent, type JsonObject, type Recorded } from '#libs/kernel';
import { KeyDestroyed, openMember } from '#libs/eventing';
import {
  hasContact,
  isErased,
  legalHoldsProjection,
  openPerson,
  retentionProjection,
  rightsRequestsProjection,
  usedContactsProjection,
} from '#libs/application';
import { personDecider, rightsRequestDecider, type RegisteredPerson } from '#libs/domain';
import { contactViews } from '#libs/composition';
import { at, fixedClock, memoryBackbone, uuid, type MemoryBackbone } from '#libs/testing';
import { liftLegalHold, setLegalHold } from '../legal-holds/legal-holds.handler.js';
import { destructionsProjection } from '../retention/destructions.projection.js';
import { replayLedger } from '../retention/destroy.js';
import { erasures, heldErasures } from './erase.js';

/** What was granted is erased, and stays so (RIGHTS-06, AMB-46). */

const now = at('2026-03-09T10:00:00Z');
const person = uuid('person');
const contact = uuid('cont');
const rightsRequest = uuid('right');
const stream = streamId('person', person);

let memory: MemoryBackbone;
beforeEach(async () => void (memory = await recorded()));
afterEach(() => memory.close());

async function recorded(): Promise<MemoryBackbone> {
  const made = await memoryBackbone(fixedClock(now), {
    readModels: [
      ...([usedContactsProjection, retentionProjection, legalHoldsProjection] as never[]),
      ...([rightsRequestsProjection, destructionsProjection] as never[]),
    ],
  });
  const registered = { familyName: { clear: 'Jansen' }, email: { clear: 'oud@example.org' } };
  const reached = { contact, kind: 'email', value: { clear: 'weg@example.org' }, suppliedBy: { submitter: true } };
  await made.record(
    ...(['person', person] as const),
    { type: 'PersonRegistered', data: { person, ...registered, identifyingAttributes: ['familyName'] } } as never,
    { type: 'PersonContactRecorded', data: { person, ...reached } } as never,
  );
  return made;
}
const granted = (
  data: readonly object[] = [{ kind: 'contacts', effect: 'erased', count: 2 }],
  records: readonly string[] = [person],
): Promise<unknown> =>
  memory.record(
    ...(['rightsRequest', rightsRequest] as const),
    {
      type: 'RightsRequestReceived',
      data: {
        ...{ rightsRequest, type: 'erasure', about: { person }, records, login: uuid('check') },
        ...{ requester: { person, role: 'holder' }, application: uuid('appl'), level: 'EH3' },
        ...{ receivedAt: now, answerBefore: at('2026-04-09T22:00:00Z') },
      },
    } as never,
    { type: 'RightsRequestDecided', data: { rightsRequest, outcome: 'granted', data, decidedAt: now } } as never,
  );
const decided = { type: 'RightsRequestDecided', data: { rightsRequest } } as unknown as Recorded<DomainEvent>;
const react = (event = decided): Promise<void> =>
  Promise.resolve(erasures(memory.backbone).react(event as never, undefined as never) as never);
const history = async (of = memory) => (await of.backbone.commands.load(personDecider, stream)).history;
/** Values that still open, of all that was ever sealed of him. */
async function opening(of = memory): Promise<readonly string[]> {
  const found = await Promise.all(
    (await history(of)).flatMap((event) =>
      Object.entries(event.data as JsonObject).map(async ([member, value]) => {
        if (typeof value !== 'object' || value === null || !('sealed' in value)) return [];
        try {
          return [await openMember<string>(of.backbone.sealer, event, member, value as never)];
        } catch (error) {
          if (error instanceof KeyDestroyed) return [];
          throw error;
        }
      }),
    ),
  );
  return found.flat().sort();
}

describe('an erasure that was granted', () => {
  it('leaves who he is, and of where he is reached nothing that opens (RIGHTS-06)', async () => {
    await granted();
    expect(await opening()).toEqual(['Jansen', 'oud@example.org', 'weg@example.org']);
    await react();
    expect(await opening()).toEqual(['Jansen']);
    const { state } = await memory.backbone.commands.load(personDecider, stream);
    const { attributes } = await openPerson(memory.backbone.sealer, state as RegisteredPerson, await history());
    expect(attributes).toEqual({ familyName: 'Jansen' });
    // He is told of things by letter as before: he himself is not erased.
    expect(await isErased(memory.backbone, { kind: 'person', id: person as never })).toBe(false);
  });

  it('is done once, however often it is begun', async () => {
    await granted();
    await react();
    const head = await memory.backbone.feed.head();
    await react();
    expect(await memory.backbone.feed.head()).toBe(head);
    const { state } = await memory.backbone.commands.load(
      rightsRequestDecider,
      streamId('rightsRequest', rightsRequest),
    );
    expect(state.status).toBe('done');
  });

  it('passes over a record that retention took meanwhile, and holds nobody up by it (RIGHTS-06, ARCH-11)', async () => {
    await granted(undefined, [uuid('person', 8), person]);
    await react();
    expect(await opening()).toEqual(['Jansen']);
    const { state } = await memory.backbone.commands.load(
      rightsRequestDecider,
      streamId('rightsRequest', rightsRequest),
    );
    expect(state.status).toBe('done');
  });

  it('goes on where it was killed behind the fact', async () => {
    await granted();
    await memory.record(...(['person', person] as const), {
      type: 'PersonContactsErased',
      data: { person, rightsRequest, contacts: [person, contact], erasedAt: now },
    } as never);
    await react();
    expect(await opening()).toEqual(['Jansen']);
  });

  it('leaves what a check was made by, and shows and uses it no more (ARCH-15, RIGHTS-06)', async () => {
    const facts = { type: 'separateChannelConfirmation', contact, about: {}, application: uuid('appl') };
    const check = { type: 'CheckRecorded', data: { check: uuid('check', 2), facts, late: false } };
    await memory.record(...(['check', uuid('check', 2)] as const), check as never);
    await granted();
    await react();
    expect(await opening()).toEqual(['Jansen', 'weg@example.org']);
    const { state } = await memory.backbone.commands.load(personDecider, stream);
    expect([...(state as RegisteredPerson).contacts.keys()]).toEqual([contact]);
    // What was decided on that check still has its contact; a check that comes later does not.
    expect(hasContact([state as RegisteredPerson], contact)).toBe(false);
    expect(await contactViews(memory.backbone.sealer, 'PersonContactRecorded', await history())).toEqual([]);
  });

  it('leaves contacts of whoever is held', async () => {
    await granted([{ kind: 'contacts', effect: 'kept', count: 2, ground: 'legalHold' }]);
    await react();
    expect(await opening()).toEqual(['Jansen', 'oud@example.org', 'weg@example.org']);
  });

  it('is done again before anything is answered from a key store of before', async () => {
    await granted();
    await react();
    const before = await recorded();
    expect(await opening(before)).toEqual(['Jansen', 'oud@example.org', 'weg@example.org']);
    await replayLedger({ ...before.backbone, retention: memory.backbone.retention });
    expect(await opening(before)).toEqual(['Jansen']);
    // Nothing says so in that register: he is readable all the same, without where he is reached.
    const { state } = await before.backbone.commands.load(personDecider, stream);
    const { attributes } = await openPerson(before.backbone.sealer, state as RegisteredPerson, await history(before));
    expect(attributes).toEqual({ familyName: 'Jansen' });
    await before.close();
  });
});

describe('a legal hold that is set after an erasure was granted (RIGHTS-06, ADR 162)', () => {
  const request = { client: 'archive-desk', correlationId: 'test', idempotencyKey: 'hold-0001' };
  const hold = async (): Promise<string> => {
    const on = { kind: 'person', id: person } as const;
    const outcome = await setLegalHold(memory.backbone, request, { on, reason: 'Beslag' });
    if (outcome.outcome !== 'accepted' || outcome.state.status === 'none') throw new Error(outcome.outcome);
    return outcome.state.id;
  };
  const asked = async () => {
    const stream = streamId('rightsRequest', rightsRequest);
    return (await memory.backbone.commands.load(rightsRequestDecider, stream)).state;
  };
  const lookAgain = (): Promise<unknown> =>
    heldErasures(memory.backbone).perform({ id: rightsRequest } as never, new AbortController().signal);
  const everything = ['Jansen', 'oud@example.org', 'weg@example.org'];

  it('keeps where he is reached while it stands, and no longer', async () => {
    await granted();
    const held = await hold();
    await react();
    expect(await opening()).toEqual(everything);
    expect(await asked()).toMatchObject({ status: 'decided', isHeld: true });
    expect(await lookAgain()).toMatchObject({ is: 'again', reason: 'held' });
    const lift = { ...request, idempotencyKey: 'lift-0001' };
    await liftLegalHold(memory.backbone, lift, held as never, { reason: 'Opgeheven' });
    expect(await lookAgain()).toEqual({ is: 'done' });
    expect(await opening()).toEqual(['Jansen']);
    expect(await asked()).toMatchObject({ status: 'done' });
  });

  it('is seen by who looked for holds before it was set, and begins behind it', async () => {
    await granted();
    const { backbone } = memory;
    let looked = 0;
    // Between the look and the beginning the hold is set, whole, and answered.
    const commands = {
      ...backbone.commands,
      async execute(...[decider, stream, source, context]: Parameters<typeof backbone.commands.execute>) {
        if (context.key.includes('/BeginErasure/') && looked++ === 0) await hold();
        return backbone.commands.execute(decider, stream, source, context);
      },
    } as typeof backbone.commands;
    await Promise.resolve(erasures({ ...backbone, commands }).react(decided as never, undefined as never) as never);
    expect(looked).toBe(1);
    expect(await opening()).toEqual(everything);
    expect(await asked()).toMatchObject({ isHeld: true });
  });

  it('comes too late for what is begun, which is carried out to its end', async () => {
    await granted();
    const begun = { type: 'ErasureBegun', data: { rightsRequest, begunAt: now } };
    await memory.record(...(['rightsRequest', rightsRequest] as const), begun as never);
    await hold();
    await react();
    expect(await opening()).toEqual(['Jansen']);
  });
});
