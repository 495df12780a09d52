import type { DomainEvent, Recorded } from '#libs/kernel';
import { KeyDestroyed, openMember, type Sealer } from '#libs/eventing';
import type { WebhookSubscriptionEvent } from '#libs/domain';
import { SealBroken } from '#libs/vault';

type Known = Recorded<DomainEvent> & WebhookSubscriptionEvent;

/** The address as it stands. A sealed member opens at the event it was written with. */
export async function addressOf(sealer: Sealer, history: readonly Recorded<DomainEvent>[]): Promise<string> {
  const written = (history as readonly Known[]).findLast(({ data }) => 'address' in data && data.address !== undefined);
  const { address } = written!.data as { readonly address: string };
  return openMember<string>(sealer, written!, 'address', address as never);
}

/** The newest `count` secrets, the newest first. */
export async function secretsOf(
  sealer: Sealer,
  history: readonly Recorded<DomainEvent>[],
  count: number,
): Promise<readonly string[]> {
  const written = (history as readonly Known[]).filter(({ data }) => 'secret' in data).slice(-count);
  return Promise.all(
    written.reverse().map((event) => openMember<string>(sealer, event, 'secret', (event.data as never)['secret'])),
  );
}

/** `undefined` where it opens for nobody: its key was destroyed or lost, or it was sealed under another one. */
export async function ifReadable<Opened>(opening: Promise<Opened>): Promise<Opened | undefined> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof KeyDestroyed || error instanceof SealBroken) return undefined;
    throw error;
  }
}
