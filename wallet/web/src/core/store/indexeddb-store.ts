import { committed, done, openDatabase, storageError } from '../../../../../ui/trust/database.js';
import { HEADER_KEY, type WalletStore } from './wallet-store.js';

const VALUES = 'values';

/**
 * The wallet's store in IndexedDB. Writes are on disk before they are reported.
 * @throws YizhengError `STORAGE_UNAVAILABLE`, `STORAGE_FULL`
 */
export async function openIndexedDbStore(name = 'yizheng-wallet'): Promise<WalletStore> {
  const database = await openDatabase(name, [VALUES]);
  const reading = (): IDBObjectStore => begin(database, 'readonly').objectStore(VALUES);
  return {
    get: (key) => done(reading().get(key) as IDBRequest<unknown>),
    list: async (prefix) => {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      const store = reading();
      const [keys, values] = await Promise.all([done(store.getAllKeys(range)), done(store.getAll(range))]);
      return keys.map((key, index) => [key as string, values[index] as unknown]);
    },
    write: async (changes, guard) => {
      const transaction = begin(database, 'readwrite');
      const ended = committed(transaction);
      const store = transaction.objectStore(VALUES);
      try {
        guard(await done(store.get(HEADER_KEY) as IDBRequest<unknown>));
        for (const { key, value } of changes)
          if (value === undefined) store.delete(key);
          else store.put(value, key);
      } catch (error) {
        ended.catch(() => undefined);
        transaction.abort();
        throw storageError(error);
      }
      await ended;
    },
    clear: async () => {
      const transaction = begin(database, 'readwrite');
      const ended = committed(transaction);
      transaction.objectStore(VALUES).clear();
      await ended;
    },
  };
}

function begin(database: IDBDatabase, mode: IDBTransactionMode): IDBTransaction {
  try {
    return database.transaction(VALUES, mode, mode === 'readwrite' ? { durability: 'strict' } : {});
  } catch (cause) {
    throw storageError(cause);
  }
}
