import { randomUUID } from 'node:crypto';
import {
  later,
  streamId,
  type AuthorizationId,
  type DomainEvent,
  type EventId,
  type Instant,
  type MeansId,
  type PartyId,
  type PersonId,
  type Pseudonym,
  type StreamCategory,
} from '#libs/kernel';
import type { EventSerializer, EventStore } from '#libs/eventing';
import { type AuthorizationRegistered, type MeansApplied, type MeansIssued, type PartyRegister } from '#libs/domain';
import type { Backbone, GovernanceData } from '#libs/application';
import type { MemoryStores } from '#libs/adapters/memory';
import { memoryBackbone } from '#libs/testing';

const YEAR = 365 * 24 * 3_600_000;

/** Facts written straight to a store: what a decision at use rests on, without the way there. */
export interface RegisterFacts {
  record(category: Exclude<StreamCategory, 'installation'>, id: string, event: DomainEvent): Promise<bigint>;
  party(number: string, register?: PartyRegister): Promise<PartyId>;
  means(options?: { product?: string; stork?: 1 | 2 | 3 | 4; active?: boolean; holder?: PersonId }): Promise<{
    means: MeansId;
    pseudonym: Pseudonym;
  }>;
  authorize(
    representedParty: PartyId,
    authorizedParty: { means: MeansId; pseudonym: Pseudonym } | { party: PartyId },
    data?: Partial<AuthorizationRegistered['data']> & { active?: boolean },
  ): Promise<AuthorizationId>;
  /** Appends the revocation and answers its position; nothing waits for the decision index. */
  revoke(authorization: AuthorizationId): Promise<bigint>;
  revokeMeans(means: MeansId): Promise<bigint>;
}

/** A register in memory. */
export interface MemoryRegister extends RegisterFacts {
  readonly backbone: Backbone;
  readonly stores: MemoryStores;
  close(): Promise<void>;
}

export async function memoryRegister(
  options: { data?: GovernanceData; clock?: () => number; answerAlgorithm?: 'ES256' | 'PS256' } = {},
): Promise<MemoryRegister> {
  const clock = options.clock ?? ((): number => Date.now());
  const { backbone, stores, close } = await memoryBackbone(clock, {
    ...(options.data === undefined ? {} : { data: options.data }),
    ...(options.answerAlgorithm === undefined ? {} : { answerAlgorithm: options.answerAlgorithm }),
    // The applications under test run their own.
    readModels: [],
  });
  return { ...registerFacts(stores.events, backbone.serializer, backbone.now), backbone, stores, close };
}

export function registerFacts(events: EventStore, serializer: EventSerializer, now: () => Instant): RegisterFacts {
  const revisions = new Map<string, number>();
  const record: RegisterFacts['record'] = async (category, id, event) => {
    const stream = streamId(category, id);
    const revision = revisions.get(stream);
    const writing = await serializer.write(event, {
      id: randomUUID() as EventId,
      stream,
      correlationId: randomUUID(),
      actor: { system: 'test' },
    });
    revisions.set(stream, (revision ?? -1) + 1);
    return (await events.append(stream, revision ?? 'no-stream', [writing])).position;
  };

  return {
    record,

    async party(number, inRegister = 'kvk') {
      const party = randomUUID() as PartyId;
      await record('party', party, {
        type: 'PartyRegistered',
        data: { party, kind: inRegister === 'trr' ? 'restGroupEntity' : 'undertaking', register: inRegister, number },
      });
      return party;
    },

    async means({ product = 'password-sms', stork = 3, active = true, holder = randomUUID() as PersonId } = {}) {
      const means = randomUUID() as MeansId;
      const pseudonym = randomUUID() as Pseudonym;
      const applied: MeansApplied['data'] = {
        means,
        application: randomUUID() as never,
        holder,
        pseudonym,
        product,
        aimedStork: stork,
        appliedAt: now(),
      };
      await record('means', means, { type: 'MeansApplied', data: applied });
      const issued: MeansIssued['data'] = {
        means,
        checks: [],
        scores: { ID: 3, IC: 3, IE: 2, RC: 3, AM: 3 },
        rows: { ID: [], IC: [], IE: [], RC: [], AM: [] },
        criteria: { appearance: 'i.a', attributes: 'ii.c', validation: 'iii.e' },
        stork,
        issuanceLevel: stork,
        aimedStork: stork,
        issuedAt: now(),
      };
      await record('means', means, { type: 'MeansIssued', data: issued });
      if (active) await record('means', means, { type: 'MeansActivated', data: { means, activatedAt: now() } });
      return { means, pseudonym };
    },

    async authorize(representedParty, authorizedParty, { active = true, ...data } = {}) {
      const authorization = randomUUID() as AuthorizationId;
      const registered: AuthorizationRegistered['data'] = {
        authorization,
        application: randomUUID() as never,
        registration: 'first',
        authority: 'regular',
        representedParty,
        submitter: { person: randomUUID() as PersonId, role: 'legalRepresentative' },
        authorizedParty:
          'party' in authorizedParty ? authorizedParty : { person: randomUUID() as PersonId, ...authorizedParty },
        scope: { all: true, services: [], groups: [] },
        forThirdParties: false,
        nature: { rightOfSubstitution: false, actsIndependently: true },
        validFrom: now(),
        validUntil: later(now(), YEAR),
        capped: false,
        registeredAt: now(),
        checks: [],
        scores: {},
        rows: {},
        m: 3,
        eh: 'EH3',
        eidas: 'substantial',
        submitterLevel: null,
        flags: [],
        aimedLevel: 'EH3',
        acceptLower: false,
        ...data,
      };
      await record('authorization', authorization, { type: 'AuthorizationRegistered', data: registered });
      if (active) {
        const activated = { authorization, activatedAt: now(), checks: [] };
        await record('authorization', authorization, { type: 'AuthorizationActivated', data: activated });
      }
      return authorization;
    },

    revoke: (authorization) =>
      record('authorization', authorization, {
        type: 'AuthorizationRevoked',
        data: { authorization, revocationRequest: randomUUID(), revokedAt: now() },
      }),
    revokeMeans: (means) =>
      record('means', means, {
        type: 'MeansRevoked',
        data: { means, revocationRequest: randomUUID(), revokedAt: now() },
      }),
  };
}
