import type { ParkedMessage, ParkedMessages, ParkedWithBytes } from '#libs/eventing';

export class MemoryParkedMessages implements ParkedMessages {
  /** In the order in which they were parked. */
  readonly #messages = new Map<string, ParkedWithBytes>();

  async park(message: ParkedWithBytes): Promise<void> {
    const key = keyOf(message.reaction, message.id);
    const there = this.#messages.get(key);
    if (there === undefined) this.#messages.set(key, { ...message, bytes: message.bytes.slice() });
    else if (message.state !== 'waiting') {
      this.#messages.set(key, { ...there, reason: message.reason, state: message.state });
    }
  }

  async list(reaction?: string): Promise<readonly ParkedMessage[]> {
    return [...this.#messages.values()]
      .filter((message) => reaction === undefined || message.reaction === reaction)
      .sort((a, b) => (a.reaction < b.reaction ? -1 : a.reaction > b.reaction ? 1 : 0))
      .map(withoutBytes);
  }

  async heads(reaction: string): Promise<readonly (ParkedMessage & { readonly count: number })[]> {
    const heads = new Map<string, ParkedMessage & { readonly count: number }>();
    for (const message of await this.list(reaction)) {
      const head = heads.get(message.key);
      heads.set(message.key, { ...(head ?? message), count: (head?.count ?? 0) + 1 });
    }
    return [...heads.values()];
  }

  async head(reaction: string, key: string): Promise<ParkedWithBytes | undefined> {
    return [...this.#messages.values()].find((message) => message.reaction === reaction && message.key === key);
  }

  async release(reaction: string, id: string): Promise<boolean> {
    const message = this.#messages.get(keyOf(reaction, id));
    if (message?.state !== 'failed') return false;
    this.#messages.set(keyOf(reaction, id), { ...message, state: 'released' });
    return true;
  }

  async remove(reaction: string, id: string): Promise<boolean> {
    return this.#messages.delete(keyOf(reaction, id));
  }
}

const keyOf = (reaction: string, id: string): string => `${id} ${reaction}`;

const withoutBytes = ({ bytes: _bytes, ...message }: ParkedWithBytes): ParkedMessage => message;
