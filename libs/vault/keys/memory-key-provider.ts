import { generateKey, newKeyId } from './key-material.js';
import type { KeyName, ProvidedKey, RotatingKeyProvider } from './key-provider.js';

/** Keys that live as long as the process: for tests. Each kind is made when it is first asked for. */
export function memoryKeyProvider(): RotatingKeyProvider {
  const kept = new Map<KeyName, Promise<readonly ProvidedKey[]>>();

  const withOneMore = async (name: KeyName, old: readonly ProvidedKey[]): Promise<readonly ProvidedKey[]> => [
    { id: newKeyId(name, old.length + 1), key: await generateKey(name) },
    ...old,
  ];

  const all = (name: KeyName): Promise<readonly ProvidedKey[]> => {
    const keys = kept.get(name) ?? withOneMore(name, []);
    kept.set(name, keys);
    return keys;
  };

  return {
    all,
    async rotate(name) {
      const keys = all(name).then((old) => withOneMore(name, old));
      kept.set(name, keys);
      return (await keys)[0]!.id;
    },
  };
}
