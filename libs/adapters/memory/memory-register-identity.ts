import type { RegisterIdentity } from '#libs/eventing';

export class MemoryRegisterIdentity implements RegisterIdentity {
  #store: string | undefined;

  async store(): Promise<string | undefined> {
    return this.#store;
  }

  async name(store: string): Promise<string> {
    return (this.#store ??= store);
  }
}
