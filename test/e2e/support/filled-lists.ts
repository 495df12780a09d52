import type { Backbone } from '#libs/application';
import { destructionDecider, rightsRequestDecider, type RightsRequestCommand } from '#libs/domain';
import {
  later,
  streamId,
  type ApplicationId,
  type CheckId,
  type DestructionId,
  type PartyId,
  type PersonId,
  type RightsRequestId,
} from '#libs/kernel';
import type { Role, Scope } from '#libs/platform';
import { uuid } from '#libs/testing';
import type { Json } from './api.js';
import { at, paperCase } from './case.js';
import { having, type Client } from './client.js';
import { until } from './until.js';

const DAY = 86_400_000;

export interface ListSuite {
  readonly url: string;
  /** Of a suite in memory; else that of `running`. */
  readonly backbone?: Backbone;
  readonly running?: { readonly open: { readonly backbone: Backbone } };
  client(roleOrScopes: Role | readonly Scope[]): Promise<Client>;
}

/** Registers what ends as soon as it can be registered before that: on a busy machine later. */
async function soonOver(supplier: Client, bodyEnding: (until: string) => Json): Promise<Json> {
  for (let ahead = 1_500; ; ahead *= 2) {
    const answer = await supplier.command('/v1/authorizations', bodyEnding(at(ahead)));
    if (answer.body['code'] !== 'period-has-passed') return having(answer, 201).body;
  }
}

/** A batch on record of something that never was: nothing here is old enough to be in one. */
export async function destroyedNothing({ commands, now }: Backbone, nth: number): Promise<void> {
  const destruction = uuid('destr', nth) as DestructionId;
  const key = `destruction-${nth}`;
  const outcome = await commands.execute(
    destructionDecider,
    streamId('destruction', destruction),
    () => ({
      ...{ type: 'RecordDestruction', destruction, reason: 'retentionOver', retentionYears: 7 },
      // Of a kind that has no key of its own, and of none that is there.
      objects: [{ kind: 'confirmation', id: uuid('gone', nth) }],
      ...{ indexes: [], files: [], destroyedAt: later(now(), nth) },
    }),
    {
      ...{ participant: 'test', client: 'test', key, requestHash: key, correlationId: key },
      actor: { system: 'test' },
    },
  );
  if (outcome.outcome !== 'accepted') throw new Error(`no destruction was recorded: ${outcome.outcome}`);
}

/** Policy simulations that are over: nothing about them moves any more. Some are cancelled, unless they were quicker. */
export async function simulatedSome(auditor: Client): Promise<void> {
  const body = { levelPolicy: [{ level: 'EH3', usableUntil: at(100 * DAY) }], reason: 'Voorstel werkgroep 2FA' };
  for (const isCancelled of [false, true, false]) {
    const { id } = having(await auditor.command('/v1/policy-simulations', body), 201).body;
    const path = `/v1/policy-simulations/${String(id)}`;
    if (isCancelled) await auditor.command(`${path}/cancellations`, { reason: 'Gewijzigd' });
    await until('the simulation is over', async () =>
      ['completed', 'cancelled'].includes(String(having(await auditor.get(path), 200).body['status'])),
    );
  }
}

/** A request about data of nobody here; the third of them is refused. */
export async function askedForRights({ commands, now }: Backbone, nth: number): Promise<void> {
  const rightsRequest = uuid('right', nth) as RightsRequestId;
  const person = uuid('gone', nth) as PersonId;
  const receive: RightsRequestCommand = {
    ...{ type: 'ReceiveRightsRequest', rightsRequest, asks: 'erasure', records: [], person },
    about: nth === 2 ? { party: uuid('gone', nth) as PartyId } : { person },
    ...{ role: nth === 2 ? 'administrator' : 'holder', level: 'EH3', registeredAt: 'EH1' },
    ...{ application: uuid('appl', nth) as ApplicationId, login: uuid('check', nth) as CheckId },
    receivedAt: later(now(), -nth * DAY),
  };
  const refuse: RightsRequestCommand = { type: 'RefuseRightsRequest', ground: 'unfounded', reason: 'x', now: now() };
  for (const command of nth === 3 ? [receive, refuse] : [receive]) {
    const key = `rights-${nth}-${command.type}`;
    const outcome = await commands.execute(
      rightsRequestDecider,
      streamId('rightsRequest', rightsRequest),
      () => command,
      {
        ...{ participant: 'test', client: 'test', key, requestHash: key, correlationId: key },
        actor: { system: 'test' },
      },
    );
    if (outcome.outcome !== 'accepted') throw new Error(`no request was recorded: ${outcome.outcome}`);
  }
}

/** A register with an object of every standing in every list. */
export async function filled(suite: ListSuite): Promise<void> {
  const supplier = await suite.client('supplier');
  const first = await paperCase(supplier);
  const second = await paperCase(supplier);
  const means = await first.means();
  const login = await first.means();
  await first.issued();
  having(
    await supplier.command('/v1/means', {
      application: first.application,
      holder: first.employee.id,
      product: 'password-sms',
      aimedStork: 3,
    }),
    201,
  );
  const standing = await first.authorize(means.id);
  const ending = await soonOver(supplier, (until) =>
    first.registration(means.id, { period: { from: at(-1_000), until } }),
  );
  await first.authorize(means.id, { awaitsActivation: true });
  await first.authorize(means.id, { period: { from: at(DAY), until: at(2 * DAY) } });
  const others = await second.means();
  await second.authorize(others.id);
  const revoked = await first.authorize(means.id);
  const spare = await first.means();
  for (const object of [{ authorization: revoked['id'] }, { means: spare.id }]) {
    having(await supplier.command('/v1/revocation-requests', await first.revocation(object, login.id)), 201);
  }
  const paused = [{ authorization: (await first.authorize(means.id))['id'] }, { means: (await first.means()).id }];
  for (const object of paused) {
    const application = await first.desk.application('nonElectronic', ['suspension'], 1, 'writing');
    const block = { application, object, requester: { role: 'operator' }, checks: [], reason: 'security' };
    having(await supplier.command('/v1/suspensions', block), 200);
  }
  const stranger = await second.revocation({ authorization: ending['id'] }, others.id);
  having(await supplier.command('/v1/revocation-requests', { ...stranger, checks: [] }), 201);
  // On paper, without checks, about what has not ended: two that wait, and one that is withdrawn.
  for (const object of [{ means: means.id }, { means: others.id }, { authorization: standing['id'] }]) {
    const application = await first.desk.application('nonElectronic', ['revocation'], 1, 'writing');
    const requester = { role: 'legalRepresentative', person: first.director.id };
    const request = { application, object, requester, checks: [] };
    const { id } = having(await supplier.command('/v1/revocation-requests', request), 201).body;
    if (object.means !== others.id) continue;
    having(await supplier.command(`/v1/revocation-requests/${String(id)}/decisions`, { withdraw: true }), 200);
  }
  const governance = await suite.client('governance');
  for (const on of [first.application, second.application, first.director.id]) {
    const kind = on === first.director.id ? 'person' : 'application';
    const { id } = having(
      await governance.command('/v1/legal-holds', { on: { kind, id: on }, reason: 'Rechtbank, zaak 1' }),
      201,
    ).body;
    if (kind === 'person') {
      having(await governance.command(`/v1/legal-holds/${String(id)}/liftings`, { reason: 'Uitspraak' }), 200);
    }
  }
  await simulatedSome(await suite.client('auditor'));
  for (const nth of [1, 2, 3]) {
    const backbone = (suite.backbone ?? suite.running?.open.backbone)!;
    await destroyedNothing(backbone, nth);
    await askedForRights(backbone, nth);
  }
  for (const eventTypes of [['MeansRevoked'], ['PartyRegistered'], ['MeansRevoked', 'PartyCorrected']]) {
    const subscription = { address: 'https://receiver.invalid/', eventTypes };
    const { id } = having(await governance.command('/v1/webhook-subscriptions', subscription), 201).body;
    if (eventTypes.includes('PartyRegistered')) {
      having(await governance.command(`/v1/webhook-subscriptions/${String(id)}/endings`, {}), 200);
    }
  }
  for (const [register, number, kind] of [
    ['rsin', '001234560', 'publicLegalPerson'],
    ['trr', 'TRR1', 'restGroupEntity'],
  ]) {
    const party = { register, number, kind, name: 'Test Instelling', naturalPersonsBusiness: false };
    having(await supplier.command('/v1/parties', party), 201);
  }
  having(
    await supplier.command('/v1/applications', {
      channel: 'electronic',
      receivedAt: at(-40 * DAY),
      purposes: ['registration'],
      lateEntryReason: 'lay in the wrong tray',
    }),
    201,
  );
  await until('the short authorization has expired', async () => {
    const { body } = await supplier.get(`/v1/authorizations/${String(ending['id'])}`);
    return body['status'] === 'expired';
  });
  await until('everybody was told', async () => {
    const found = async (path: string, filter: Json): Promise<number> =>
      (having(await supplier.ask(path, { ...filter, limit: 100 }), 200).body['items'] as Json[]).length;
    const confirmed = (kind: string): Promise<number> => found('/v1/confirmations/_search', { kind });
    const registered = await found('/v1/authorizations/_search', {});
    const ends = ['authorizationRevoked', 'meansRevoked', 'authorizationSuspended', 'meansSuspended'];
    const told = await Promise.all(['authorizationRegistered', ...ends].map(confirmed));
    return told.join() === [registered, ...ends.map(() => 1)].join();
  });
}
