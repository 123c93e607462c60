import { HEADER_KEY, type WalletStore } from './wallet-store.js';

/** A store that lasts as long as the page: where a browser keeps nothing, and in tests. */
export function createMemoryStore(): WalletStore {
  const values = new Map<string, unknown>();
  return {
    get: (key) => Promise.resolve(structuredClone(values.get(key))),
    list: (prefix) =>
      Promise.resolve(
        [...values]
          .filter(([key]) => key.startsWith(prefix))
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, value]) => [key, structuredClone(value)]),
      ),
    write: async (changes, guard) => {
      await Promise.resolve();
      guard(structuredClone(values.get(HEADER_KEY)));
      for (const { key, value } of changes)
        if (value === undefined) values.delete(key);
        else values.set(key, structuredClone(value));
    },
    clear: () => {
      values.clear();
      return Promise.resolve();
    },
  };
}
