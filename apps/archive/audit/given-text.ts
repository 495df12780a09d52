import { Readable } from 'node:stream';

const PIECE = 64 * 1024;

/**
 * A text on its way out. `ended` is told how that ended, and is waited for: the receiver has the end of it only when that is
 * durable, and where the connection breaks it is told how much was handed over until then; also where it breaks behind the last
 * byte, when it was told that all of it was. Nothing is handed over that nobody takes. What was taken was given to the network:
 * no sender knows what a receiver did with it.
 */
export class GivenText extends Readable {
  #given = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly ended: (end: { readonly whole: boolean; readonly bytes: number }) => Promise<unknown>,
  ) {
    // Without it a piece would be made, and counted, before the one ahead of it is taken.
    super({ highWaterMark: 0 });
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
    if (this.readableEnded) return done(error);
    this.#tell(false).then(
      () => done(error),
      (failure: unknown) => done(error ?? (failure as Error)),
    );
  }

  #tell(whole: boolean): Promise<unknown> {
    return this.ended({ whole, bytes: this.#given });
  }
}
