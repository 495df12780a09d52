import { LogFileDiffers, type LogFiles } from '#libs/eventing';

/** Publishes to this process alone. */
export class MemoryLogFiles implements LogFiles {
  readonly #files = new Map<string, Buffer>();
  #checkpoint: string | undefined;

  async read(path: string): Promise<Uint8Array | undefined> {
    return this.#files.get(path);
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    const there = this.#files.get(path);
    if (there !== undefined && !there.equals(bytes)) throw new LogFileDiffers(path);
    this.#files.set(path, Buffer.from(bytes));
  }

  async checkpoint(): Promise<string | undefined> {
    return this.#checkpoint;
  }

  async publish(note: string, over?: string): Promise<boolean> {
    if (this.#checkpoint !== over) return false;
    this.#checkpoint = note;
    return true;
  }

  async tidy(path: string): Promise<void> {
    for (const name of this.#files.keys()) if (name.startsWith(`${path}.p/`)) this.#files.delete(name);
  }
}
