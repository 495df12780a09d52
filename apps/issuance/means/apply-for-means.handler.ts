import { randomUUID } from 'node:crypto';
import { streamId, type MeansId, type Pseudonym, type Rejection } from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
import {
  allFound,
  commandContext,
  findApplication,
  findParty,
  findPerson,
  levelOfStork,
  type Backbone,
  type CommandRequest,
} from '#libs/application';
import {
  judgePurpose,
  meansDecider,
  rejectAuthorization,
  rejectMeans,
  restrictionOf,
  type Means,
  type MeansEvent,
} from '#libs/domain';
import type { ApplyForMeansRequest } from './means.requests.js';

/** Takes in an application for a means; its pseudonym is made here, once for its whole life (MEANS-09). */
export async function applyForMeans(
  backbone: Backbone,
  request: CommandRequest,
  body: ApplyForMeansRequest,
): Promise<CommandOutcome<Means, MeansEvent>> {
  const means = derivedId('means', backbone.participant.oin, request.client, request.idempotencyKey) as MeansId;
  const context = await commandContext(backbone, request, 'ApplyForMeans', body);
  const stream = streamId('means', means);
  const before = await backbone.commands.load(meansDecider, stream);
  if (before.state.status !== 'none') {
    // A retry is answered from what was recorded, whatever has become of the catalogue since.
    return backbone.commands.execute(meansDecider, stream, alreadyThere, context);
  }
  const now = backbone.now();
  const product = backbone.governance.productAt(body.product, now);
  const parts = await allFound({
    application: findApplication(backbone, body.application, '/application'),
    holder: findPerson(backbone, body.holder, '/holder'),
    party: body.party === undefined ? undefined : findParty(backbone, body.party, '/party'),
  });
  const faults = [
    ...('faults' in parts ? parts.faults : []),
    ...(product === undefined ? [rejectMeans('unknown-product', { pointer: '/product' })] : []),
    ...faultsOfRestriction(backbone, body),
  ];
  if ('faults' in parts || product === undefined || faults.length > 0)
    return { outcome: 'rejected', rejections: faults };
  const { application, holder, party } = parts.found;
  const wrongPurpose = judgePurpose(application, 'means');
  if (wrongPurpose.length > 0) return { outcome: 'rejected', rejections: wrongPurpose };

  return backbone.commands.execute(
    meansDecider,
    stream,
    () => ({
      type: 'ApplyForMeans',
      means,
      application: application.id,
      holder: holder.id,
      pseudonym: randomUUID() as string as Pseudonym,
      product: product.id,
      aimedStork: body.aimedStork,
      ...(party === undefined ? {} : { party: party.id }),
      restriction: restrictionOf(body),
      ofProduct: restrictionOf(product),
      closedForIssuance: backbone.governance.closedForIssuance(levelOfStork(body.aimedStork), now),
      now,
    }),
    context,
  );
}

/** A restriction is to a provider of the catalogue, and to services of his. */
function faultsOfRestriction(
  { governance }: Backbone,
  { restrictedToProvider: provider, restrictedToServices: named = [] }: ApplyForMeansRequest,
): readonly Rejection[] {
  if (provider === undefined) return [];
  const isKnown = governance.services.some((service) => service.provider === provider);
  return [
    ...(isKnown ? [] : [rejectMeans('unknown-provider', { pointer: '/restrictedToProvider' })]),
    ...named.flatMap((id, index) => {
      const service = governance.service(id);
      const pointer = `/restrictedToServices/${index}`;
      if (service === undefined) return [rejectAuthorization('unknown-service', { pointer })];
      return isKnown && service.provider !== provider ? [rejectMeans('service-of-another-provider', { pointer })] : [];
    }),
  ];
}

const alreadyThere = (): never => {
  throw new Error('a means is on record under a key that recorded nothing');
};
