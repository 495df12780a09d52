import { hostname } from 'node:os';
import { startFeedReaction } from '#libs/eventing';
import type { Configuration, StartReaction } from '#libs/platform';
import type { OpenBackbone } from './open-backbone.js';

/** How long nobody goes on with a reaction, or with the relay, after a process was killed (milliseconds). */
export const LEASE = 10_000;

/** This process, for people who look at a lease. */
export const holderOf = (): string => `${hostname()}/${process.pid}`;

/** Brings reactions their events from the store's own feed. */
export function reactionStarter(
  { stores, backbone }: Pick<OpenBackbone, 'stores' | 'backbone'>,
  { oin }: Pick<Configuration, 'oin'>,
  onTrouble: (name: string, error: unknown, stopped: boolean) => void,
): StartReaction {
  const { feed, checkpoints, parkedMessages, leases } = stores;
  const { serializer, identity } = backbone;
  return (reaction) =>
    startFeedReaction(reaction, {
      ...{ feed, checkpoints, parkedMessages, leases, serializer, identity, oin, onTrouble },
      ...{ holder: holderOf(), leaseMilliseconds: LEASE },
    });
}
