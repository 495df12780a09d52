import type { Pool } from 'pg';
import { PROOF_KEPT_SECONDS, type UsedProofs } from '#libs/eventing';
import { ANSWER_LIMIT, withClient } from './connections.js';
import { asUnavailable } from './errors.js';

/** Proofs between two looks at what may be forgotten, and rows forgotten at one look: it never falls behind. */
const LOOK_EVERY = 100;
const FORGOTTEN_AT_ONCE = 1_000;

export class PostgresUsedProofs implements UsedProofs {
  readonly #pool: Pool;
  #sinceLook = LOOK_EVERY;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async use(proof: string, issuedAt: number): Promise<boolean> {
    try {
      return await withClient(this.#pool, ANSWER_LIMIT, async (client) => {
        // Waits for another that is writing the same one, and so never answers before it is known whose it is.
        const { rowCount } = await client.query({
          name: 'waarborg-use-proof',
          text: `insert into waarborg.used_proofs (proof, issued_at) values (decode($1, 'hex'), $2)
                 on conflict (proof) do nothing`,
          values: [proof, issuedAt],
        });
        if ((this.#sinceLook += 1) >= LOOK_EVERY) {
          this.#sinceLook = 0;
          await client.query(
            `delete from waarborg.used_proofs where proof in (
               select proof from waarborg.used_proofs where issued_at < $1 order by issued_at limit $2
               for update skip locked)`,
            [issuedAt - PROOF_KEPT_SECONDS, FORGOTTEN_AT_ONCE],
          );
        }
        return rowCount === 1;
      });
    } catch (error) {
      throw asUnavailable(error);
    }
  }
}
