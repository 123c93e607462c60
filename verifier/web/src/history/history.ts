import { remember, remembered } from '../../../../ui/app/preferences.js';
import { createStore } from '../../../../ui/app/store.js';
import { committed, done, openDatabase } from '../../../../ui/trust/database.js';
import type { CheckResult } from '../../../../ui/verify/types.js';
import { historyEntry, type HistoryEntry } from './history-entry.js';

/** Days entries are kept; 0 keeps none. */
export const RETENTIONS = [0, 7, 30, 90, 365] as const;
/** One of {@link RETENTIONS}. */
export type Retention = (typeof RETENTIONS)[number];

const DEFAULT: Retention = 30;
const STORE = 'entries';
const DAY = 86_400_000;
/** Most entries kept; the oldest go first. */
const MOST = 2_000;

/** Grows with each change; follow it to read the entries again. */
export const historyChanges = createStore(0);

let database: Promise<IDBDatabase> | undefined;

/** How long entries are kept on this device. */
export function retention(): Retention {
  const days = Number(remembered('history-days') ?? DEFAULT);
  return RETENTIONS.find((known) => known === days) ?? DEFAULT;
}

/** Changes it, and forgets at once what is older. @throws YizhengError `STORAGE_UNAVAILABLE` */
export async function setRetention(days: Retention): Promise<void> {
  remember('history-days', String(days));
  await forgetOld();
  changed();
}

/** Remembers a verification, unless the reader does not want that. Never throws: a full disk must not stop a verdict. */
export async function recordCheck({ verdict }: CheckResult): Promise<void> {
  if (retention() === 0) return;
  try {
    const entry = historyEntry(verdict);
    await write((store) => store.put(entry, entry.id));
    await forgetOld();
  } catch {
    return;
  }
  changed();
}

/** The entries kept, newest first. @throws YizhengError `STORAGE_UNAVAILABLE` */
export async function historyEntries(): Promise<HistoryEntry[]> {
  await forgetOld();
  const store = (await opened()).transaction(STORE, 'readonly').objectStore(STORE);
  const entries = (await done(store.getAll())) as HistoryEntry[];
  return entries.reverse();
}

/** Forgets one entry. @throws YizhengError `STORAGE_UNAVAILABLE` */
export async function forgetEntry(id: string): Promise<void> {
  await write((store) => store.delete(id));
  changed();
}

/** Forgets all. @throws YizhengError `STORAGE_UNAVAILABLE` */
export async function forgetHistory(): Promise<void> {
  await write((store) => store.clear());
  changed();
}

async function forgetOld(): Promise<void> {
  const days = retention();
  const oldest = new Date(Date.now() - days * DAY).toISOString();
  const store = (await opened()).transaction(STORE, 'readonly').objectStore(STORE);
  const keys = (await done(store.getAllKeys())) as string[];
  const last = days === 0 ? keys.at(-1) : keys.filter((key, i) => key < oldest || i < keys.length - MOST).at(-1);
  if (last !== undefined) await write((store) => store.delete(IDBKeyRange.upperBound(last)));
}

async function write(change: (store: IDBObjectStore) => unknown): Promise<void> {
  const transaction = (await opened()).transaction(STORE, 'readwrite');
  const ended = committed(transaction);
  change(transaction.objectStore(STORE));
  await ended;
}

function opened(): Promise<IDBDatabase> {
  const opening = (database ??= openDatabase('yizheng-history', [STORE]));
  opening.catch(() => {
    if (database === opening) database = undefined;
  });
  return opening;
}

function changed(): void {
  historyChanges.set(historyChanges.get() + 1);
}
