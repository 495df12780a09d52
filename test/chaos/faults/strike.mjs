import { setTimeout as delay } from 'node:timers/promises';
import { RELAY_LEASE, TO_RECEIVER } from './world.mjs';

const pick = (list, which) => list[Math.floor(which * list.length) % list.length];
const EVERY_TOXIC = {
  latency: (proxy, strength) => proxy.poison({ latency: 20 + Math.round(strength * 600) }),
  stall: (proxy) => proxy.poison({ stalled: true }),
  'half-open': (proxy) => proxy.poison({ halfOpen: true }),
  reset: (proxy) => proxy.reset(),
  cut: (proxy) => proxy.cut(),
  'slow close': (proxy, strength) => {
    proxy.poison({ slowClose: 200 + Math.round(strength * 3_000) });
    proxy.cut();
  },
  refuse: (proxy) => {
    proxy.poison({ refusing: true });
    proxy.reset();
  },
};
/** A relay sends something within so long, or there was nothing to stop it at, in milliseconds. */
const BATCH_WITHIN = 15_000;

/** Does one strike and ends it; answers what was struck, and what goes on starting again. */
export async function strike(world, { kind, lasts, which, toxic, strength }) {
  const { services, apps, database, kafka, store, proxies, relays, told } = world;
  const killed = async (names) => {
    const struck = names.map((name) => services.get(name));
    await Promise.all(struck.map((one) => one.kill()));
    await delay(lasts / 4);
    return { target: names.join(' and '), rising: Promise.all(struck.map((one) => one.again())) };
  };
  const frozen = async (name) => {
    const struck = services.get(name);
    struck.freeze();
    await delay(lasts);
    struck.thaw();
    return { target: name };
  };
  switch (kind) {
    case 'kill app':
      return killed([pick(apps, which)]);
    case 'kill both of an app': {
      const app = pick(apps, which).split('-')[0];
      return killed(apps.filter((name) => name.startsWith(`${app}-`)));
    }
    case 'kill gateway':
      return killed(['gateway']);
    case 'kill relay':
      return killed([pick(relays, which).name]);
    case 'freeze app':
      return frozen(pick(apps, which));
    case 'freeze assurance':
      return frozen(which < 0.5 ? 'assurance-1' : 'assurance-2');
    case 'kill relay with a batch': {
      const relay = await world.holdRelay(BATCH_WITHIN);
      if (relay === undefined) return { target: 'no relay had one', missed: true };
      await relay.kill();
      return { target: relay.name, rising: relay.again() };
    }
    case 'freeze relay with a batch': {
      // Stopped with what it holds until another one goes on; it wakes up and finds that its turn is over.
      proxies.get('relays to Kafka').poison({ stalled: true });
      await delay(300);
      const relay = pick(relays, which);
      relay.freeze();
      proxies.get('relays to Kafka').heal();
      await delay(RELAY_LEASE + 500 + lasts);
      relay.thaw();
      return { target: relay.name };
    }
    case 'kill postgres':
      await database.kill();
      await delay(lasts / 4);
      await database.start();
      return { target: 'PostgreSQL' };
    case 'freeze postgres': {
      const thaw = database.freeze();
      await delay(lasts);
      thaw();
      return { target: 'PostgreSQL' };
    }
    case 'kill kafka':
      await kafka.kill();
      await delay(lasts / 4);
      await kafka.start();
      return { target: 'Kafka' };
    case 'freeze kafka': {
      const { pid } = kafka;
      process.kill(pid, 'SIGSTOP');
      await delay(lasts);
      process.kill(pid, 'SIGCONT');
      return { target: 'Kafka' };
    }
    case 'kill eventstore':
      await store.kill();
      await delay(lasts / 4);
      await store.start();
      return { target: 'the event store' };
    case 'freeze eventstore': {
      const thaw = store.freeze();
      await delay(lasts);
      thaw();
      return { target: 'the event store' };
    }
    case 'receiver': {
      const proxy = proxies.get(TO_RECEIVER);
      if (toxic === 'slow') told.slow(1_000 + Math.round(strength * 4_000));
      else if (toxic === 'failing') told.fail();
      else EVERY_TOXIC[toxic](proxy, strength);
      await delay(lasts);
      told.heal();
      proxy.heal();
      return { target: `${toxic}, the receiver` };
    }
    case 'network': {
      const [name, proxy] = pick(
        [...proxies].sort(([one], [other]) => (one < other ? -1 : 1)),
        which,
      );
      EVERY_TOXIC[toxic](proxy, strength);
      await delay(lasts);
      proxy.heal();
      return { target: `${toxic}, ${name}` };
    }
  }
  throw new Error(`no strike "${kind}"`);
}
