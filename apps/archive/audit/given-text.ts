import { Readable } from 'node:stream';

const PIECE = 64 * 1024;

/**
 * A text on its way out. `ended` is told once how that ended, and is waited for: the receiver has the end of it only when
 * that is durable, and where the connection breaks it is told how much was handed over until then.
 */
export class GivenText extends Readable {
  #given = 0;
  #isTold = false;

  constructor(
    private readonly bytes: Buffer,
    private readonly ended: (end: { readonly whole: boolean; readonly bytes: number }) => Promise<unknown>,
  ) {
    super();
  }

  override _read(): void {
    if (this.#given < this.bytes.length) {
      const piece = this.bytes.subarray(this.#given, this.#given + PIECE);
      this.#given += piece.length;
      this.push(piece);
      return;
    }
    this.#tell(true).then(
      () => this.push(null),
      (error: unknown) => this.destroy(error as Error),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#isTold) return done(error);
    this.#tell(false).then(
      () => done(error),
      (failure: unknown) => done(error ?? (failure as Error)),
    );
  }

  #tell(whole: boolean): Promise<unknown> {
    this.#isTold = true;
    return this.ended({ whole, bytes: this.#given });
  }
}
