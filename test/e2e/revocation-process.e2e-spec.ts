import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Module, type DynamicModule } from '@nestjs/common';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { RevocationModule } from '#apps/revocation';
import { commandContext, type Backbone } from '#libs/application';
import { BackboneModule, openBackbone } from '#libs/composition';
import { authorizationDecider, meansDecider, revocationRequestDecider, type EndedObject } from '#libs/domain';
import { derivedId, type Follower } from '#libs/eventing';
import { streamId, type AuthorizationId, type MeansId, type RevocationRequestId, type StreamId } from '#libs/kernel';
import { readConfiguration } from '#libs/configuration';
import { createApp, localIssuer } from '#libs/platform';
import type { Json } from './support/api.js';
import { memoryRegister, type MemoryRegister } from './assurance/register.js';
import { paperCase, question, type PaperCase } from './support/case.js';
import { freshKey, having } from './support/client.js';
import { databaseSettings, freshPlace, startSuite, type Place, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

const PROCESS = 'revocation-process';

/**
 * Records a request that is accepted, and stops there: what a process leaves behind that is killed between accepting
 * and carrying out. Answers the stream of the request.
 */
async function acceptOnly(
  backbone: Backbone,
  object: EndedObject,
  asked: { readonly key: string; readonly body: Json },
): Promise<StreamId> {
  const id = derivedId(
    'revocationRequest',
    backbone.participant.oin,
    'test-supplier',
    asked.key,
  ) as RevocationRequestId;
  const stream = streamId('revocationRequest', id);
  const request = { client: 'test-supplier', idempotencyKey: asked.key, correlationId: randomUUID() };
  const now = backbone.now();
  const outcome = await backbone.commands.execute(
    revocationRequestDecider,
    stream,
    () => ({
      type: 'RequestRevocation',
      revocationRequest: id,
      object,
      application: (asked.body['application'] ?? randomUUID()) as never,
      channel: 'electronic',
      receivedAt: now,
      requester: { role: 'authorizedParty' },
      checks: [],
      level: 'EH3',
      identification: { ioScore: 0 },
      judgement: { accepted: true, immediate: true, dueAt: null, dueInstant: null, refusals: [], flags: [] } as never,
      now,
    }),
    await commandContext(backbone, request, 'RequestRevocation', asked.body, { scores: true }),
  );
  if (outcome.outcome !== 'accepted') throw new Error(`not accepted: ${outcome.outcome}`);
  expect(outcome.events.map(({ type }) => type)).toEqual(['RevocationRequested', 'RevocationAccepted']);
  return stream;
}

const typesOf = async (backbone: Backbone, stream: StreamId): Promise<readonly string[]> =>
  (await backbone.commands.load(revocationRequestDecider, stream)).history.map(({ type }) => type);

describe('a revocation whose process was killed after accepting it, on PostgreSQL', () => {
  let place: Place;
  let suite: TestSuite | undefined;
  let case1: PaperCase;
  let login: string;

  beforeAll(async () => {
    place = await freshPlace();
    suite = await startSuite(place);
    case1 = await paperCase(await suite.client('supplier'));
    login = (await case1.means()).id;
  });
  afterEach(async () => {
    await suite?.stop();
    suite = undefined;
  });
  afterAll(() => place.drop());

  /** The stores without any app: nothing reacts. */
  async function withoutApps<Result>(work: (backbone: Backbone) => Promise<Result>): Promise<Result> {
    const configuration = readConfiguration(
      ['--data-dir', place.dataDir, '--log-level', 'silent'],
      databaseSettings(place),
    );
    const open = await openBackbone(configuration, {
      log: () => undefined,
      observer: {} as never,
      onTrouble: () => undefined,
    });
    try {
      return await work(open.backbone);
    } finally {
      await open.close();
    }
  }

  const running = async (): Promise<TestSuite> => (suite ??= await startSuite(place));

  async function prepared(what: 'authorization' | 'means') {
    const first = await running();
    // The clients of the case belong to a suite that may have ended; a new case is made on the running one.
    case1 = await paperCase(await first.client('supplier'));
    login = (await case1.means()).id;
    const means = await case1.means();
    const authorization = await case1.authorize(means.id);
    const object: EndedObject =
      what === 'means' ? { means: means.id as MeansId } : { authorization: authorization['id'] as AuthorizationId };
    const body = await case1.revocation(object as unknown as Json, login);
    const question_ = question(means.pseudonym, case1.organization);
    await first.stop();
    suite = undefined;
    return { object, body, question: question_ };
  }

  it.each(['authorization', 'means'] as const)(
    'carries out the one of an %s once, and nothing on a second start',
    async (what) => {
      const { object, body, question: asked } = await prepared(what);
      const key = freshKey();
      const stream = await withoutApps((backbone) => acceptOnly(backbone, object, { key, body }));

      const second = await running();
      await until('the request is effected', async () =>
        (await typesOf(second.running.open.backbone, stream)).includes('RevocationEffected'),
      );
      const network = await second.client('network');
      await until(
        'the decision is no',
        async () => (await network.ask('/access/v1/evaluation', asked)).body['decision'] === false,
      );

      // The client that never got an answer asks again with its key.
      const retried = await (await second.client('supplier')).command('/v1/revocation-requests', body, key);
      expect(having(retried, 201).body).toMatchObject({ status: 'effected', alreadyRevoked: false });
      expect(retried.headers.get('idempotency-replayed')).toBe('true');
      const head = await second.running.open.stores.feed.head();
      const { events } = await second.heads();
      await second.stop();
      suite = undefined;

      const third = await running();
      const process = third.running.open.followers.find((follower) => follower.status().name === PROCESS)!;
      await until('the process has seen everything', async () => process.status().position >= head);
      expect((await third.heads()).events).toBe(events);
      expect(await revocationsOf(third.running.open.backbone, object)).toBe(1);
      expect(await typesOf(third.running.open.backbone, stream)).toEqual([
        'RevocationRequested',
        'RevocationAccepted',
        'RevocationEffected',
      ]);
    },
  );

  it('puts one aside that can never be carried out, tells operations, and carries out the one behind it', async () => {
    const { object, body } = await prepared('authorization');
    const nothing = { authorization: randomUUID() as AuthorizationId };
    const asked = { key: freshKey(), body: { ...body, object: nothing } };
    const [stuck, behind] = await withoutApps(async (backbone) => [
      await acceptOnly(backbone, nothing, asked),
      await acceptOnly(backbone, object, { key: freshKey(), body }),
    ]);
    const second = await running();
    const { backbone, stores } = second.running.open;
    await until('the one behind is effected', async () =>
      (await typesOf(backbone, behind!)).includes('RevocationEffected'),
    );
    const [parked, ...more] = await stores.parkedSteps.list();
    expect(more).toEqual([]);
    expect(parked).toMatchObject({ process: PROCESS, stream: stuck, type: 'RevocationAccepted', state: 'failed' });
    expect(parked!.reason).toContain('no-such-registration');
    // It is told once, in three places, and nothing else is less ready for it.
    expect(second.lines.filter((line) => line.includes(`${PROCESS} has parked a step`))).toHaveLength(1);
    const ready = await fetch(`${second.url}/health/ready`);
    expect(ready.status).toBe(200);
    expect(((await ready.json()) as { probes: unknown[] }).probes).toContainEqual(
      expect.objectContaining({ name: PROCESS, status: 'fine', reason: expect.stringContaining('parked steps: 1') }),
    );
    const metrics = await (await fetch(`${second.url}/metrics`)).text();
    expect(metrics).toContain(`waarborg_follower_parked{follower="${PROCESS}"} 1`);
    // The client that asks again is told that it is accepted and not effective.
    const again = await (await second.client('supplier')).command('/v1/revocation-requests', asked.body, asked.key);
    expect(having(again, 202).body).toMatchObject({ status: 'accepted' });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await typesOf(backbone, stuck!)).toEqual(['RevocationRequested', 'RevocationAccepted']);
    expect(await stores.parkedSteps.remove(PROCESS, parked!.at.position)).toBe(true);
    await until('nobody waits for a person', async () =>
      (await (await fetch(`${second.url}/metrics`)).text()).includes(
        `waarborg_follower_parked{follower="${PROCESS}"} 0`,
      ),
    );
  });

  it('finishes one that was killed between the object and the request, without revoking twice', async () => {
    const { object, body } = await prepared('authorization');
    const stream = await withoutApps(async (backbone) => {
      const accepted = await acceptOnly(backbone, object, { key: freshKey(), body });
      const { history } = await backbone.commands.load(revocationRequestDecider, accepted);
      const cause = history.at(-1)!.metadata.id;
      const { authorization } = object as { authorization: AuthorizationId };
      // The process's own first step, as it records it.
      const revoked = await backbone.commands.execute(
        authorizationDecider,
        streamId('authorization', authorization),
        () => ({
          type: 'RevokeAuthorization',
          revocationRequest: accepted.slice('revocationRequest-'.length) as RevocationRequestId,
          now: backbone.now(),
        }),
        {
          participant: backbone.participant.oin,
          client: PROCESS,
          key: cause,
          requestHash: cause,
          actor: { system: PROCESS },
          correlationId: randomUUID(),
          causationId: cause,
        },
      );
      expect(revoked.outcome).toBe('accepted');
      return accepted;
    });
    const second = await running();
    const { backbone } = second.running.open;
    await until('the request is effected', async () =>
      (await typesOf(backbone, stream)).includes('RevocationEffected'),
    );
    expect(await revocationsOf(backbone, object)).toBe(1);
    const { state } = await backbone.commands.load(revocationRequestDecider, stream);
    expect(state).toMatchObject({ status: 'effected', alreadyRevoked: false });
  });
});

/** How often the object was revoked. */
async function revocationsOf(backbone: Backbone, object: EndedObject): Promise<number> {
  const { history } =
    'means' in object
      ? await backbone.commands.load(meansDecider, streamId('means', object.means))
      : await backbone.commands.load(authorizationDecider, streamId('authorization', object.authorization));
  return history.filter(({ type }) => type === 'AuthorizationRevoked' || type === 'MeansRevoked').length;
}

@Module({})
class Root {}

describe('a revocation whose process was killed after accepting it, in memory', () => {
  let register: MemoryRegister;
  beforeAll(async () => {
    register = await memoryRegister();
  });
  afterAll(() => register.close());

  /** The app as a process: its process manager goes on from its checkpoint. */
  async function process<Result>(work: (followers: readonly Follower[]) => Promise<Result>): Promise<Result> {
    const configuration = readConfiguration(['--port', '0', '--log-level', 'silent'], {});
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const followers: Follower[] = [];
    // Each start has followers of its own, that end with it.
    const backbone: Backbone = {
      ...register.backbone,
      readModels: { ...register.backbone.readModels },
      watch: (follower) => void followers.push(follower),
    };
    const root: DynamicModule = { module: Root, imports: [BackboneModule.of(backbone), RevocationModule] };
    const app = await createApp(root, {
      configuration,
      tokenVerifier: localIssuer({ id: 'k1', privateKey }, configuration),
    });
    await app.init();
    try {
      return await work(followers);
    } finally {
      await Promise.all(followers.map((follower) => follower.stop()));
      await app.close();
    }
  }

  it.each(['authorization', 'means'] as const)('carries out the one of an %s once', async (what) => {
    const { backbone } = register;
    const means = await register.means();
    const party = await register.party(what === 'means' ? '86000001' : '86000002');
    const authorization = await register.authorize(party, means);
    const object: EndedObject = what === 'means' ? { means: means.means } : { authorization };
    const stream = await acceptOnly(backbone, object, { key: freshKey(), body: {} });
    await process(() =>
      until('the request is effected', async () => (await typesOf(backbone, stream)).includes('RevocationEffected')),
    );
    const head = await backbone.feed.head();
    await process((followers) =>
      until('everything was seen again', () =>
        followers
          .map((follower) => follower.status())
          .every(({ state, position }) => state === 'running' && position >= head),
      ),
    );
    expect(await backbone.feed.head()).toBe(head);
    expect(await revocationsOf(backbone, object)).toBe(1);
    expect(await typesOf(backbone, stream)).toHaveLength(3);
  });

  it('would carry it out again and again without its keys: the count of this test can see two', async () => {
    const means = await register.means();
    await register.revokeMeans(means.means);
    await register.revokeMeans(means.means);
    expect(await revocationsOf(register.backbone, { means: means.means })).toBe(2);
  });
});
