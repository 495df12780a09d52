import { PROOF_KEPT_SECONDS, type UsedProofs } from '#libs/eventing';

export class MemoryUsedProofs implements UsedProofs {
  readonly #used = new Map<string, number>();

  async use(proof: string, issuedAt: number): Promise<boolean> {
    if (this.#used.has(proof)) return false;
    this.#used.set(proof, issuedAt);
    // In the order in which they came, which is nearly that of their times: the first that stays ends the look.
    for (const [known, at] of this.#used) {
      if (at >= issuedAt - PROOF_KEPT_SECONDS) break;
      this.#used.delete(known);
    }
    return true;
  }
}
