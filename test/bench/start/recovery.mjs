import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { findRunningPostgres } from '#libs/embedded';
import { apply, perSecond, programs } from '../support/programs.mjs';
import { comparePairs } from '../support/report.mjs';

const CALLERS = 8;
/** Between two looks whether it is there, in milliseconds. */
const LOOK = 10;
const { family, signal } = await import('../../chaos/faults/service.mjs');

/** How the server of a data directory runs, so that it can be killed and started again by itself. */
async function serverOf(data) {
  const { place } = JSON.parse(await readFile(join(data, 'postgres.json'), 'utf8'));
  const pgdata = join(resolve(data, place), 'pgdata');
  const pid = Number((await readFile(join(pgdata, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const [program, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  const { uid, gid } = await stat(pgdata);
  const url = (await findRunningPostgres(data)).url('waarborg');
  return { pid, program, args, user: process.getuid() === 0 ? { uid, gid } : {}, url };
}

/** As a power cut would: the server and everything below it. */
async function kill(pid) {
  const pids = family(pid);
  for (const one of pids) signal(one, 'SIGKILL');
  const isThere = (one) => {
    try {
      return process.kill(one, 0);
    } catch {
      return false;
    }
  };
  while (pids.some(isThere)) await delay(LOOK);
}

/** Milliseconds until the server alone takes a query after it was started. */
async function serverAlone({ program, args, user, url }) {
  const began = performance.now();
  const server = spawn(program, args, { ...user, cwd: '/', stdio: 'ignore' });
  const ended = new Promise((done) => server.once('exit', done));
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    const isThere = await client.connect().then(
      () => client.query('select max(position) from waarborg.events').then(() => true),
      () => false,
    );
    await client.end().catch(() => undefined);
    if (isThere) break;
    await delay(LOOK);
  }
  const took = performance.now() - began;
  await kill(server.pid);
  await ended;
  return took;
}

/**
 * S2: a suite and its server killed under load; from the start of the suite until it is ready, beside the same server alone
 * until it takes a query. What was acknowledged has to be there each time.
 */
export async function recoveryRow({ pairs, seconds }) {
  const all = await programs();
  try {
    let suite = await all.start('suite/main');
    const { data } = suite;
    /** Writes for a while, and then kills both. */
    const killed = async () => {
      const ids = [];
      await perSecond(CALLERS, seconds, async () => void ids.push(await apply(suite)));
      const server = await serverOf(data);
      await Promise.all([suite.kill(), kill(server.pid)]);
      return { server, ids };
    };
    const toReady = async () => {
      const began = performance.now();
      let took;
      const answering = async (url) => {
        while ((await fetch(`${url}/health/ready`)).status !== 200) await delay(LOOK);
        took = performance.now() - began;
      };
      suite = await all.start('suite/main', { data, answering });
      return took;
    };
    const allThere = async (ids) => {
      for (const id of ids) {
        const { status } = await suite.ask('supplier', `/v1/applications/${id}`);
        if (status !== 200) throw new Error(`${id} was acknowledged, and is ${status}`);
      }
    };
    return await comparePairs({
      id: 'S2',
      what: 'suite killed with its server, start until ready ÷ that server alone until it takes a query',
      unit: 'ms',
      pairs,
      ours: async () => {
        const { ids } = await killed();
        const took = await toReady();
        await allThere(ids);
        return took;
      },
      reference: async () => {
        const { server, ids } = await killed();
        const took = await serverAlone(server);
        await toReady();
        await allThere(ids);
        return took;
      },
    });
  } finally {
    await all.close();
  }
}
