import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fenced, type Checkpoint, type CheckpointStore, type Leases } from '#libs/eventing';
import { until } from '../until.js';

export interface LeasesHarness {
  readonly leases: Leases;
  /** An effect that is fenced by them. */
  readonly checkpoints: CheckpointStore;
  /** Sets the store's clock so many milliseconds beside the true one, as an operator or a fail-over would. */
  setClock(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

const LONG = 60_000;
const SHORT = 150;
const HOUR = 3_600_000;
const at = (position: bigint): Checkpoint => ({ store: 'store-a', epoch: 1, position });

/** What every keeper of turns must do; `open` gives an empty one. */
export function leasesContract(name: string, open: () => Promise<LeasesHarness>): void {
  describe(`leases contract: ${name}`, () => {
    let harness: LeasesHarness;
    let leases: Leases;
    beforeEach(async () => {
      harness = await open();
      leases = harness.leases;
    });
    afterEach(() => harness.close());

    const taken = async (holder: string, milliseconds = LONG) => {
      const turn = await leases.take('relay', holder, milliseconds);
      if (turn === undefined) throw new Error(`${holder} was refused the turn`);
      return turn;
    };

    it('gives a free name to who asks, for as long as it was asked for, and to nobody else', async () => {
      const turn = await taken('one');
      expect(turn).toMatchObject({ name: 'relay', holder: 'one', token: 1n });
      expect(Math.abs(Date.parse(turn.until) - Date.now() - LONG)).toBeLessThan(LONG / 2);
      expect(await leases.take('relay', 'two', LONG)).toBeUndefined();
      expect(await leases.take('ticker', 'two', LONG)).toMatchObject({ holder: 'two', token: 1n });
      expect(await leases.stands(turn)).toBe(true);
      expect(await leases.stands({ name: 'relay', token: 2n })).toBe(false);
      expect(await leases.stands({ name: 'nothing', token: 1n })).toBe(false);
    });

    it('lets one of several win who take it at once', async () => {
      const holders = Array.from({ length: 8 }, (_, index) => `holder-${index}`);
      const turns = await Promise.all(holders.map((holder) => leases.take('relay', holder, LONG)));
      expect(turns.filter((turn) => turn !== undefined)).toHaveLength(1);
    });

    it('keeps the token through renewals, also on a clock that was set back', async () => {
      const { token } = await taken('one');
      const renewed = await taken('one', 2 * LONG);
      expect(renewed.token).toBe(token);
      await harness.setClock(-HOUR);
      expect(await taken('one')).toMatchObject({ token });
      expect(await leases.take('relay', 'two', LONG)).toBeUndefined();
    });

    it('gives the next one a higher token when the turn was left, and then says that the old one is over', async () => {
      const first = await taken('one');
      await leases.leave(first);
      const second = await taken('two');
      expect(second.token).toBeGreaterThan(first.token);
      expect(await leases.stands(first)).toBe(false);
      // Who left before, and comes to it late, leaves nothing of another one's.
      await leases.leave(first);
      expect(await leases.take('relay', 'three', LONG)).toBeUndefined();
      expect(await leases.stands(second)).toBe(true);
    });

    it('gives the same holder a higher token as well, once the lease had run out or was left', async () => {
      const first = await taken('one');
      await leases.leave(first);
      const second = await taken('one');
      expect(second.token).toBeGreaterThan(first.token);
      await harness.setClock(2 * LONG);
      expect((await taken('one')).token).toBeGreaterThan(second.token);
    });

    it('lets another one have it after the lease has run out, when nobody touches a clock', async () => {
      const first = await taken('one', SHORT);
      await until('the other one has the turn', async () => (await leases.take('relay', 'two', LONG)) !== undefined);
      expect(await leases.stands(first)).toBe(false);
    });

    it('is held up by no clock that was set back', async () => {
      const first = await taken('dead', SHORT);
      await harness.setClock(-HOUR);
      expect(await leases.take('relay', 'two', LONG)).toBeUndefined();
      await until('the other one has the turn', async () => (await leases.take('relay', 'two', LONG)) !== undefined);
      expect(await leases.stands(first)).toBe(false);
    });

    it('takes nothing from one who renews on a clock that was set back', async () => {
      const { token } = await taken('alive', 10 * SHORT);
      await harness.setClock(-HOUR);
      const end = performance.now() + 20 * SHORT;
      await until('two leases have passed', async () => {
        expect(await leases.take('relay', 'two', LONG)).toBeUndefined();
        expect((await taken('alive', 10 * SHORT)).token).toBe(token);
        return performance.now() > end;
      });
    });

    it('lets no two act when a clock was set forward: what the first one does is refused', async () => {
      const { checkpoints } = harness;
      const first = await taken('one');
      await checkpoints.move('reader', undefined, at(1n), first);
      await harness.setClock(HOUR);
      // By the clock nobody has it; by the token the first one has, until somebody takes it.
      await checkpoints.move('reader', at(1n), at(2n), first);
      const second = await taken('two');
      await expect(checkpoints.move('reader', at(2n), at(3n), first)).rejects.toBeInstanceOf(Fenced);
      expect(await checkpoints.read('reader')).toEqual(at(2n));
      await checkpoints.move('reader', at(2n), at(3n), second);
      expect(await checkpoints.read('reader')).toEqual(at(3n));
      // Back again, the old lease seems to run: its token does not.
      await harness.setClock(0);
      await expect(checkpoints.move('reader', at(3n), at(4n), first)).rejects.toBeInstanceOf(Fenced);
    });

    it('refuses an effect of a turn before it looks at anything else, also the first one of a name', async () => {
      const { checkpoints } = harness;
      const stranger = { name: 'nobody', token: 1n };
      await expect(checkpoints.move('fresh', undefined, at(1n), stranger)).rejects.toBeInstanceOf(Fenced);
      expect(await checkpoints.read('fresh')).toBeUndefined();
      await expect(checkpoints.move('fresh', at(8n), at(9n), stranger)).rejects.toBeInstanceOf(Fenced);
    });
  });
}
