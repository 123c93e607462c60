import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { YizhengError } from '../../shared/errors.js';
import type { HeldState } from '../../shared/trust/import-bundle.js';
import type { RootPin } from '../../shared/trust/verify-feed.js';
import { committed, done, openDatabase, storageError } from './database.js';

/** Trust data as it is kept on this device. */
export interface StoredTrust {
  anchor: string;
  /** The root the reader compared and confirmed. */
  pin: RootPin;
  state: HeldState;
  /** Grows by one with each change, so that of two tabs only one builds on what the other read. */
  version: number;
  /** RFC 3339. */
  savedAt: string;
}

/** Where trust data of an authority lies; texts by SHA-256, so that an update writes only the feeds that changed. */
interface Pointer {
  version: number;
  anchor: string;
  pin: RootPin;
  savedAt: string;
  /** SHA-256 of the state without its feeds. */
  head: string;
  /** SHA-256 of each feed's JSON, by authority. */
  feeds: Record<string, string>;
}

/** The kept trust data: texts first, then one pointer, all in one transaction. */
export interface TrustDatabase {
  /** @throws YizhengError `STATE_DAMAGED` when what is kept is not what was written */
  load(): Promise<StoredTrust | undefined>;
  /** What is kept of an authority chosen before, so that its old data stays old. @throws YizhengError `STATE_DAMAGED` */
  loadOf(anchor: string): Promise<StoredTrust | undefined>;
  /**
   * Keeps new data and makes its authority the current one; all or nothing.
   * @param basedOn version the new data was built on, 0 for none
   * @throws YizhengError `TRUST_CHANGED` when another tab was faster, `STORAGE_FULL`, `STORAGE_UNAVAILABLE`
   */
  save(trust: Omit<StoredTrust, 'version'>, basedOn: number): Promise<StoredTrust>;
  /** Forgets all of it. */
  clear(): Promise<void>;
}

const TEXTS = 'texts';
const POINTERS = 'pointers';
const CURRENT = 'current';

/** Opens it. @throws YizhengError `STORAGE_UNAVAILABLE`, `STORAGE_FULL` */
export async function openTrustDatabase(): Promise<TrustDatabase> {
  const database = await openDatabase('yizheng-trust', [TEXTS, POINTERS]);
  const loadOf = async (anchor: string): Promise<StoredTrust | undefined> => {
    const transaction = database.transaction([TEXTS, POINTERS], 'readonly');
    const pointer = (await done(transaction.objectStore(POINTERS).get(key(anchor)))) as Pointer | undefined;
    if (!pointer) return undefined;
    return readTrust(pointer, (digest) => done(transaction.objectStore(TEXTS).get(digest)));
  };
  return {
    loadOf,
    load: async () => {
      const transaction = database.transaction(POINTERS, 'readonly');
      const anchor: unknown = await done(transaction.objectStore(POINTERS).get(CURRENT));
      if (anchor === undefined) return undefined;
      const found = typeof anchor === 'string' ? await loadOf(anchor) : undefined;
      if (!found) throw damaged();
      return found;
    },
    save: async (trust, basedOn) => {
      const { pointer, texts } = written(trust, basedOn + 1);
      const transaction = database.transaction([TEXTS, POINTERS], 'readwrite', { durability: 'strict' });
      const ended = committed(transaction);
      const [textStore, pointerStore] = [transaction.objectStore(TEXTS), transaction.objectStore(POINTERS)];
      try {
        const kept = await all(pointerStore);
        if ((kept.get(key(trust.anchor))?.version ?? 0) !== basedOn)
          throw new YizhengError('TRUST_CHANGED', 'Another tab has just changed the trust data.');
        for (const [digest, text] of texts) textStore.put(text, digest);
        pointerStore.put(pointer, key(trust.anchor));
        pointerStore.put(trust.anchor, CURRENT);
        const needed = new Set([...kept.set(key(trust.anchor), pointer).values()].flatMap(textsOf));
        for (const digest of await done(textStore.getAllKeys()))
          if (typeof digest !== 'string' || !needed.has(digest)) textStore.delete(digest);
      } catch (error) {
        ended.catch(() => undefined);
        transaction.abort();
        throw storageError(error);
      }
      await ended;
      return { ...trust, version: pointer.version };
    },
    clear: async () => {
      const transaction = database.transaction([TEXTS, POINTERS], 'readwrite');
      transaction.objectStore(TEXTS).clear();
      transaction.objectStore(POINTERS).clear();
      await committed(transaction);
    },
  };
}

function written(trust: Omit<StoredTrust, 'version'>, version: number) {
  const { anchor, pin, savedAt, state } = trust;
  const { feeds, ...rest } = state;
  const texts = new Map<string, string>();
  const kept = (value: unknown): string => {
    const text = JSON.stringify(value);
    const digest = digestOf(text);
    texts.set(digest, text);
    return digest;
  };
  const pointer: Pointer = {
    version,
    anchor,
    pin,
    savedAt,
    head: kept(rest),
    feeds: Object.fromEntries(Object.entries(feeds).map(([authority, feed]) => [authority, kept(feed)])),
  };
  return { pointer, texts };
}

async function readTrust(pointer: Pointer, textOf: (digest: string) => Promise<unknown>): Promise<StoredTrust> {
  const parsed = async (digest: string): Promise<unknown> => {
    const text = await textOf(digest);
    if (typeof text !== 'string' || digestOf(text) !== digest) throw damaged();
    return JSON.parse(text);
  };
  const { anchor, pin, savedAt, version } = pointer;
  if (typeof version !== 'number' || typeof pin.digestMultibase !== 'string') throw damaged();
  const feeds = await Promise.all(
    Object.entries(pointer.feeds).map(async ([authority, digest]) => [authority, await parsed(digest)] as const),
  );
  const state = { ...((await parsed(pointer.head)) as object), feeds: Object.fromEntries(feeds) } as HeldState;
  if (state.anchor !== anchor) throw damaged();
  return { anchor, pin, savedAt, version, state };
}

/** Every pointer, by key. */
async function all(pointers: IDBObjectStore): Promise<Map<string, Pointer>> {
  const [keys, values] = await Promise.all([done(pointers.getAllKeys()), done(pointers.getAll())]);
  return new Map(
    keys.flatMap((name, i) =>
      typeof name !== 'string' || name === CURRENT ? [] : [[name, values[i] as Pointer] as const],
    ),
  );
}

/** Several authorities may need the same text: that of a feed both recognise. */
function textsOf({ head, feeds }: Pointer): string[] {
  return [head, ...Object.values(feeds)];
}

function digestOf(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

function key(anchor: string): string {
  return `trust:${anchor}`;
}

function damaged(): YizhengError {
  return new YizhengError('STATE_DAMAGED', 'The trust data kept on this device is damaged.');
}
