import { errorCode, YizhengError } from '../../shared/errors.js';
import type { ImportFinding } from '../../shared/trust/import-bundle.js';
import type { RootPin } from '../../shared/trust/verify-feed.js';
import { judgingNow, noteDataTime } from '../app/clock.js';
import { remember, remembered } from '../app/preferences.js';
import { createStore } from '../app/store.js';
import type { NewTrust, TrustSummary } from '../verify/types.js';
import { engine } from '../verify/verify-client.js';
import { openTrustDatabase, type StoredTrust, type TrustDatabase } from './trust-database.js';

/** What is known about whom to believe. */
export type TrustState =
  | { phase: 'loading' }
  | {
      phase: 'none';
      /** `first`: nothing was ever chosen here; `wiped`: it was, and the browser cleared it; `damaged`; `unavailable`: nothing is kept here. */
      reason: 'first' | 'wiped' | 'damaged' | 'unavailable';
    }
  | {
      phase: 'ready';
      summary: TrustSummary;
      pin: RootPin;
      /** False when this browser keeps nothing, so that it is gone with this tab. */
      kept: boolean;
      /** Of the last import or update in this tab. */
      findings: readonly ImportFinding[];
    };

/** Follow it with `useStore(trustState)`. */
export const trustState = createStore<TrustState>({ phase: 'loading' });

let database: Promise<TrustDatabase> | undefined;
let held: StoredTrust | undefined;
const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('yizheng-trust');

/** Reads what is kept and judges by it from now on; follows what other tabs change. Never throws. */
export async function startTrust(): Promise<void> {
  await reload();
  channel?.addEventListener('message', () => void reload());
}

/**
 * Verifies a bundle for an authority whose root the reader has confirmed, keeps it, and judges by it.
 * @throws YizhengError the codes of `importBundle` and of storage; then nothing changed
 */
export async function importTrust(bytes: Uint8Array, anchor: string, pin: RootPin): Promise<readonly ImportFinding[]> {
  return change(anchor, pin, (start) => engine.ask('importBundle', { ...start, bytes }));
}

/**
 * Fetches what changed from the host this app came from, keeps it, and judges by it.
 * @param base address of the feeds
 * @throws YizhengError `TRUST_MISSING`, `OFFLINE`, the codes of `updateTrust` and of storage; then nothing changed
 */
export async function updateHeldTrust(base: string): Promise<readonly ImportFinding[]> {
  const current = held;
  if (!current) throw new YizhengError('TRUST_MISSING', 'No authority is chosen yet.');
  const { anchor, pin } = current;
  const findings = await change(anchor, pin, (start) => engine.ask('update', { ...start, base }));
  const refused = findings.find(({ code, authority }) => authority === anchor && !code.startsWith('FEED_DELTA_'));
  if (refused) throw new YizhengError(refused.code, refused.detail, { at: anchor });
  return findings;
}

/** The confirmed root and state held now; to hand the bundle on. */
export function heldTrust(): Readonly<StoredTrust> | undefined {
  return held;
}

/** Forgets every authority on this device. */
export async function forgetTrust(): Promise<void> {
  await (await opened()).clear();
  remember('authority-was-chosen', undefined);
  channel?.postMessage('changed');
  await reload();
}

/** Asks the browser, once there is something to keep, not to clear it when space gets short. */
export async function askToPersist(): Promise<boolean> {
  const storage = navigator.storage as Partial<StorageManager> | undefined;
  if (!storage?.persist) return false;
  return storage.persist().catch(() => false);
}

interface Start {
  anchor: string;
  pin: RootPin;
  held?: StoredTrust['state'];
  now: string;
}

async function change(
  anchor: string,
  pin: RootPin,
  renew: (start: Start) => Promise<NewTrust>,
): Promise<readonly ImportFinding[]> {
  const run = async (): Promise<readonly ImportFinding[]> => {
    const store = await opened().catch(onlyForThisTab);
    const before = store ? await heldOf(store, anchor) : held?.anchor === anchor ? held : undefined;
    const start: Start = { anchor, pin, now: judgingNow(), ...(before && { held: before.state }) };
    const { state, summary, findings } = await renew(start);
    const next = { anchor, pin, state, savedAt: judgingNow() };
    held = store ? await store.save(next, before?.version ?? 0) : { ...next, version: 1 };
    await engine.adopt(state);
    noteDataTime(summary.dataAsOf);
    remember('authority-was-chosen', summary.name);
    trustState.set({ phase: 'ready', summary, pin, kept: store !== undefined, findings });
    channel?.postMessage('changed');
    return findings;
  };
  const once = async (): Promise<readonly ImportFinding[]> => {
    try {
      return await run();
    } catch (error) {
      // Where the browser has no locks another tab can be faster; what it kept is then the base.
      if (errorCode(error) !== 'TRUST_CHANGED') throw error;
      return run();
    }
  };
  const locks = (navigator as Partial<Navigator>).locks;
  return locks ? locks.request('yizheng-trust', once) : once();
}

async function reload(): Promise<void> {
  try {
    const stored = await (await opened()).load();
    if (!stored) {
      await nothingHeld(remembered('authority-was-chosen') === undefined ? 'first' : 'wiped');
      return;
    }
    const summary = await engine.adopt(stored.state);
    if (!summary) throw new YizhengError('STATE_DAMAGED', 'The trust data kept cannot be read.');
    held = stored;
    noteDataTime(summary.dataAsOf);
    trustState.set({ phase: 'ready', summary, pin: stored.pin, kept: true, findings: [] });
  } catch (error) {
    const unavailable = ['STORAGE_UNAVAILABLE', 'STORAGE_FULL'].includes(errorCode(error));
    if (unavailable && trustState.get().phase === 'ready') return;
    await nothingHeld(unavailable ? 'unavailable' : 'damaged');
  }
}

async function nothingHeld(reason: 'first' | 'wiped' | 'damaged' | 'unavailable'): Promise<void> {
  held = undefined;
  noteDataTime(null);
  await engine.adopt(undefined).catch(() => undefined);
  trustState.set({ phase: 'none', reason });
}

function opened(): Promise<TrustDatabase> {
  const opening = (database ??= openTrustDatabase());
  opening.catch(() => {
    if (database === opening) database = undefined;
  });
  return opening;
}

function onlyForThisTab(error: unknown): undefined {
  if (errorCode(error) !== 'STORAGE_UNAVAILABLE') throw error;
}

/** What is damaged cannot be built on; the reader has confirmed the root again, and the new data takes its place. */
async function heldOf(store: TrustDatabase, anchor: string): Promise<StoredTrust | undefined> {
  try {
    return await store.loadOf(anchor);
  } catch (error) {
    if (errorCode(error) !== 'STATE_DAMAGED') throw error;
    await store.clear();
    return undefined;
  }
}
