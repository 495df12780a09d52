import { isUuid, streamId, type StreamId } from '#libs/kernel';
import { derivedId } from '#libs/eventing';
import { partyIdOf, type Backbone } from '#libs/application';
import type { AnsweredBefore, KeyedRequest } from '#libs/platform';

/** Collections of the contract and the streams of their objects. */
const CATEGORIES = {
  applications: 'application',
  checks: 'check',
  persons: 'person',
  parties: 'party',
  means: 'means',
  authorizations: 'authorization',
  'revocation-requests': 'revocationRequest',
  'webhook-subscriptions': 'webhookSubscription',
  evidence: 'evidence',
  'legal-holds': 'legalHold',
  'policy-simulations': 'policySimulation',
  'rights-requests': 'rightsRequest',
} as const;

/** Commands without an id in their path: their object is named in the body. */
const OF_AN_OBJECT = /^\/v1\/(?:suspensions|reinstatements)$/;

const COMMAND = /^\/v1\/([a-z-]+)(?:\/([0-9a-fA-F-]{36})\/[a-z-]+|\/(_batch))?$/;

/** Whether a command was accepted before, by the stream that its key leads to (interfaces.md §3). */
export const answeredBefore =
  (backbone: Pick<Backbone, 'participant' | 'commands'>): AnsweredBefore =>
  async (request) => {
    const { participant, commands } = backbone;
    const stream = await streamOf(backbone, request);
    const { client, key } = request;
    return stream !== undefined && commands.knowsKey(stream, { participant: participant.oin, client, key });
  };

async function streamOf(
  backbone: Pick<Backbone, 'participant' | 'commands'>,
  { path, body, client, key }: KeyedRequest,
): Promise<StreamId | undefined> {
  const { oin } = backbone.participant;
  if (OF_AN_OBJECT.test(path)) return streamOfObject(body);
  const [, collection = '', id, batch] = COMMAND.exec(path) ?? [];
  if (!Object.hasOwn(CATEGORIES, collection)) return undefined;
  const category = CATEGORIES[collection as keyof typeof CATEGORIES];
  // Of several objects of one request the first comes first.
  if (batch !== undefined) return streamId(category, derivedId(category, oin, client, key, '0'));
  if (id !== undefined) return streamId(category, id.toLowerCase());
  if (category !== 'party') return streamId(category, derivedId(category, oin, client, key));
  // A party's id comes from its number, whoever registers it.
  const { register, number } = (body ?? {}) as { readonly register?: unknown; readonly number?: unknown };
  if (typeof register !== 'string' || typeof number !== 'string') return undefined;
  return streamId('party', await partyIdOf(backbone, register, number));
}

function streamOfObject(body: unknown): StreamId | undefined {
  const { object } = (body ?? {}) as { readonly object?: { readonly [kind: string]: unknown } | null };
  const named = (['authorization', 'means'] as const).filter((kind) => object?.[kind] !== undefined);
  const [kind] = named;
  const id = kind === undefined ? undefined : object?.[kind];
  if (kind === undefined || named.length > 1 || typeof id !== 'string') return undefined;
  return isUuid(id.toLowerCase()) ? streamId(kind, id.toLowerCase()) : undefined;
}
