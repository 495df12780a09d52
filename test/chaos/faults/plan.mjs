import { randomFrom } from '../soak/checker.mjs';

/** What can happen on each kind of installation, with how often it does beside the others. */
const STRIKES = {
  suite: { 'kill app': 4, 'freeze app': 3, 'kill postgres': 4, 'freeze postgres': 3, receiver: 2, network: 6 },
  cluster: {
    'kill app': 5,
    'kill both of an app': 2,
    'freeze app': 4,
    'freeze assurance': 4,
    'kill gateway': 2,
    'kill relay': 2,
    'kill relay with a batch': 2,
    'freeze relay with a batch': 2,
    'kill postgres': 3,
    'freeze postgres': 2,
    'kill kafka': 2,
    'freeze kafka': 2,
    receiver: 2,
    network: 8,
  },
};
STRIKES['cluster-esdb'] = { ...STRIKES.cluster, 'kill eventstore': 4, 'freeze eventstore': 3 };

export const KINDS = Object.keys(STRIKES);
/** What a receiver of webhooks does, or the network to it. */
export const MANNERS = ['slow', 'failing', 'refuse', 'half-open'];
export const TOXICS = ['latency', 'stall', 'half-open', 'reset', 'cut', 'slow close', 'refuse'];

/** Those that a run has to have seen, whatever the seed: its controls rest on them. */
const FIRST = { suite: [], cluster: ['kill relay with a batch', 'freeze assurance'] };
FIRST['cluster-esdb'] = FIRST.cluster;

/** The round's own chance: the same for the same seed and number, whatever rounds there were before. */
export const randomOf = (seed, round) => randomFrom(seed * 100_003 + round);

/** What happens in a round: strikes, each with how long it lasts in milliseconds. */
export function planOf(on, seed, round) {
  const random = randomOf(seed, round);
  const strikes = [strikeOf(FIRST[on][round] ?? chosen(random, STRIKES[on]), random)];
  // Troubles do not come one at a time.
  if (random() < 0.4) strikes.push(strikeOf('network', random));
  return { strikes, pause: 200 + random() * 800 };
}

function strikeOf(kind, random) {
  const strike = { kind, lasts: Math.round(200 + random() * 2_300), which: random() };
  if (kind === 'freeze assurance') return { ...strike, lasts: 2_500 + strike.lasts };
  if (kind === 'receiver')
    return { ...strike, toxic: MANNERS[Math.floor(random() * MANNERS.length)], strength: random() };
  if (kind === 'network') return { ...strike, toxic: TOXICS[Math.floor(random() * TOXICS.length)], strength: random() };
  return strike;
}

function chosen(random, weights) {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  let at = random() * total;
  for (const [kind, weight] of Object.entries(weights)) if ((at -= weight) < 0) return kind;
  return Object.keys(weights).at(-1);
}
