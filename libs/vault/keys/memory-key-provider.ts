import { generateKey, newKeyId } from './key-material.js';
import { isOptional, KeysUnusable, type KeyName, type ProvidedKey, type RotatingKeyProvider } from './key-provider.js';

/** Keys that live as long as the process: for tests. Each kind is made when it is first asked for, or begun. */
export function memoryKeyProvider(clock: () => number = () => Date.now()): RotatingKeyProvider {
  const kept = new Map<KeyName, Promise<readonly ProvidedKey[]>>();

  const withOneMore = async (name: KeyName, old: readonly ProvidedKey[]): Promise<readonly ProvidedKey[]> => [
    { id: newKeyId(name, old.length + 1), key: await generateKey(name), madeAt: clock() },
    ...old,
  ];

  const all = (name: KeyName): Promise<readonly ProvidedKey[]> => {
    const keys = kept.get(name) ?? (isOptional(name) ? Promise.resolve([]) : withOneMore(name, []));
    kept.set(name, keys);
    return keys;
  };

  const rotate = async (name: KeyName): Promise<string> => {
    const keys = all(name).then((old) => withOneMore(name, old));
    kept.set(name, keys);
    return (await keys)[0]!.id;
  };

  return {
    all,
    rotate,
    async begin(name) {
      const keys = all(name).then((old) => (old.length > 0 ? old : withOneMore(name, old)));
      kept.set(name, keys);
      await keys;
    },
    async withdraw(name, id) {
      const keys = await all(name);
      if (!keys.some((key) => key.id === id)) throw new KeysUnusable(`there is no ${name} key ${id}`);
      if (keys[0]!.id === id) await rotate(name);
      const others = (await all(name)).filter((key) => key.id !== id);
      kept.set(name, Promise.resolve(others));
    },
  };
}
