/** One change; a value of undefined deletes. */
export interface StoreChange {
  key: string;
  value: unknown;
}

/** Key under which the header of the vault stands; it alone is not encrypted. */
export const HEADER_KEY = 'vault';

/**
 * Where the wallet keeps its things: values by key, structured-cloneable. It knows nothing of what it keeps.
 * Every method throws YizhengError `STORAGE_UNAVAILABLE` or `STORAGE_FULL`.
 */
export interface WalletStore {
  get(key: string): Promise<unknown>;
  /** Every value whose key begins like this, in order of keys. */
  list(prefix: string): Promise<[string, unknown][]>;
  /**
   * Makes all changes or none, and reports them kept only when they are.
   * @param guard sees the header as it is in the same transaction; what it throws undoes everything
   */
  write(changes: readonly StoreChange[], guard: (header: unknown) => void): Promise<void>;
  /** Forgets everything. */
  clear(): Promise<void>;
}
