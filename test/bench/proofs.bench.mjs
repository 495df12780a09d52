// npm run bench -- proofs [--json FILE] [--pairs N] [--seconds S] [--leaves N]
// H4: inclusion proofs from the tiles of a log, and their verification, beside merkletreejs and @openzeppelin/merkle-tree with
// all of their tree in memory. Each proof is verified against the root; a changed one has to be refused.
import { createHash } from 'node:crypto';
import { checkInclusion, growLog, leafHash, TileTree } from '#libs/transparency-log';
import { benchOptions } from './support/options.mjs';
import { installPeers } from './support/peers.mjs';
import { comparePairs, notRun, report } from './support/report.mjs';

const PEERS = { merkletreejs: '0.6.0', '@openzeppelin/merkle-tree': '1.0.8' };
/** Proofs that are made once, for their verification. */
const KEPT = 1_000;
const { pairs, seconds, leaves, json } = benchOptions({ leaves: 1_000_000, seconds: 2 });

const sha256 = (data) => createHash('sha256').update(data).digest();
const entryOf = (index) => sha256(`entry ${index}`);
/** The same places for everybody, all over the tree. */
const placeOf = (number) => Math.floor(((number * 0.6180339887) % 1) * leaves);

/** How often `once` is done in a second, each time with another number. */
async function rate(once) {
  const until = performance.now() + seconds * 1_000;
  const began = performance.now();
  let count = 0;
  // The clock is looked at now and then only.
  while (performance.now() < until) for (let more = 0; more < 64; more += 1) await once(count++);
  return count / ((performance.now() - began) / 1_000);
}

/** `{ make(index), verify(index, proof), change(proof) }` of a contender; verify answers or throws. */
async function contest(contender) {
  const kept = [];
  for (let number = 0; number < KEPT; number += 1) {
    const index = placeOf(number);
    const proof = await contender.make(index);
    if (!contender.verify(index, proof)) throw new Error(`a proof of ${index} was refused`);
    kept.push([index, proof]);
  }
  const [index, proof] = kept[1];
  let isBelieved;
  try {
    isBelieved = contender.verify(index, contender.change(proof));
  } catch {
    isBelieved = false;
  }
  if (isBelieved) throw new Error('a changed proof was believed');
  return {
    make: () => rate((number) => contender.make(placeOf(number))),
    verify: () =>
      rate((number) => {
        if (!contender.verify(...kept[number % KEPT])) throw new Error('a proof was refused');
      }),
  };
}

async function ours() {
  const entries = Array.from({ length: leaves }, (_, index) => entryOf(index));
  const { files, range } = await growLog({ read: async () => undefined }, 0, entries);
  const byPath = new Map(files.map(({ path, bytes }) => [path, bytes]));
  const tree = new TileTree({ read: async (path) => byPath.get(path) }, leaves);
  const whole = { start: 0, end: leaves };
  const root = range.root();
  return contest({
    make: (index) => tree.inclusionProof(index),
    verify: (index, proof) => {
      checkInclusion(leafHash(entries[index]), index, whole, proof, root);
      return true;
    },
    change: ([first, ...rest]) => [sha256(first), ...rest],
  });
}

async function merkletreejs(peers) {
  const { MerkleTree } = (await peers.load('merkletreejs')).default;
  const hashes = Array.from({ length: leaves }, (_, index) => sha256(entryOf(index)));
  const tree = new MerkleTree(hashes, sha256);
  const root = tree.getRoot();
  return contest({
    make: (index) => tree.getProof(hashes[index], index),
    verify: (index, proof) => tree.verify(proof, hashes[index], root),
    change: ([first, ...rest]) => [{ ...first, data: sha256(first.data) }, ...rest],
  });
}

async function openzeppelin(peers) {
  const { SimpleMerkleTree } = await peers.load('@openzeppelin/merkle-tree');
  const values = Array.from({ length: leaves }, (_, index) => `0x${entryOf(index).toString('hex')}`);
  // Its nodes are hashed by what it is given; its own hash is Keccak, in JavaScript.
  const nodeHash = (left, right) => {
    const [a, b] = [left, right].map((hex) => Buffer.from(hex.slice(2), 'hex'));
    return `0x${sha256(Buffer.concat([a, b].sort(Buffer.compare))).toString('hex')}`;
  };
  const tree = SimpleMerkleTree.of(values, { sortLeaves: false, nodeHash });
  return contest({
    make: (index) => tree.getProof(index),
    verify: (index, proof) => SimpleMerkleTree.verify(tree.root, values[index], proof, nodeHash),
    change: ([first, ...rest]) => [`0x${sha256(first).toString('hex')}`, ...rest],
  });
}

const rows = [];
const peers = await installPeers(PEERS, 'proofs').catch((error) => error);
const own = peers instanceof Error ? undefined : await ours();
for (const [id, name, contender] of [
  ['H4-merkletreejs', 'merkletreejs', merkletreejs],
  ['H4-openzeppelin', '@openzeppelin/merkle-tree, with sha256', openzeppelin],
]) {
  const what = `inclusion proofs of ${leaves} leaves`;
  if (own === undefined) {
    rows.push(notRun(id, `${what} ÷ ${name}`, peers.message));
    continue;
  }
  const other = await contender(peers);
  for (const step of ['make', 'verify']) {
    const row = { id: `${id}-${step}`, what: `${what}, to ${step} one ÷ ${name}`, unit: 'proofs/s', pairs };
    rows.push(await comparePairs({ ...row, ours: own[step], reference: other[step] }));
  }
}
await report({ bench: 'proofs', machine: `Node ${process.versions.node}`, rows, json });
