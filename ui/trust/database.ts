import { YizhengError } from '../../shared/errors.js';

/** Turns one IndexedDB request into a promise. */
export function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(storageError(request.error));
  });
}

/** Resolves when a transaction is on disk; rejects when it changed nothing. */
export function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(storageError(transaction.error));
  });
}

/**
 * Opens a database of this app.
 * @param stores names of its object stores, keys given with each value
 * @throws YizhengError `STORAGE_UNAVAILABLE`, `STORAGE_FULL`
 */
export function openDatabase(name: string, stores: readonly string[]): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    let request: IDBOpenDBRequest;
    try {
      request = indexedDB.open(name, 1);
    } catch (cause) {
      reject(storageError(cause));
      return;
    }
    request.onupgradeneeded = () => {
      for (const store of stores) request.result.createObjectStore(store);
    };
    request.onblocked = () => reject(storageError(undefined));
    request.onerror = () => reject(storageError(request.error));
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
  });
}

/** A failure of storage as our error; ours stay as they are. */
export function storageError(cause: unknown): YizhengError {
  if (cause instanceof YizhengError) return cause;
  const name = cause instanceof DOMException || cause instanceof Error ? cause.name : '';
  return name === 'QuotaExceededError'
    ? new YizhengError('STORAGE_FULL', 'The storage of this device is full.', { cause })
    : new YizhengError('STORAGE_UNAVAILABLE', 'This browser keeps nothing for this page.', { cause });
}
