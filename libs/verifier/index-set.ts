/** Indexes of entries, a bit each: a log of a hundred million has 12 MB of them. */
export class IndexSet {
  #bits = new Uint8Array(1024);

  /** Adds those from `first` up to `last`, both of them in. */
  add(first: number, last = first): void {
    this.#hold(Math.floor(last / 8) + 1);
    for (let index = first; index <= last;) {
      const byte = Math.floor(index / 8);
      if (index % 8 === 0 && last - index >= 7) {
        const end = Math.floor((last + 1) / 8);
        this.#bits.fill(0xff, byte, end);
        index = end * 8;
      } else {
        this.#bits[byte]! |= 1 << (index % 8);
        index += 1;
      }
    }
  }

  has(index: number): boolean {
    return ((this.#bits[Math.floor(index / 8)] ?? 0) & (1 << (index % 8))) !== 0;
  }

  /** In order. */
  *[Symbol.iterator](): Generator<number> {
    for (const [byte, bits] of this.#bits.entries()) {
      if (bits === 0) continue;
      for (let bit = 0; bit < 8; bit += 1) if ((bits & (1 << bit)) !== 0) yield byte * 8 + bit;
    }
  }

  #hold(bytes: number): void {
    if (bytes <= this.#bits.length) return;
    const larger = new Uint8Array(Math.max(bytes, 2 * this.#bits.length));
    larger.set(this.#bits);
    this.#bits = larger;
  }
}
