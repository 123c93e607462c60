import { keepInstallOffer } from './install.js';
import { scriptUrl } from './trusted-types.js';
import { createStore } from './store.js';

/** How far the app is kept on this device. */
export type AppState =
  /** Nothing is known yet, or this browser keeps no apps. */
  | 'unknown'
  | 'unsupported'
  /** Kept; works without a network. */
  | 'kept'
  /** Kept just now, for the first time. */
  | 'just-kept'
  /** A newer version is here and waits for consent. */
  | 'update-ready';

/** Follow it with `useStore(appState)`. */
export const appState = createStore<AppState>('unknown');

let registration: ServiceWorkerRegistration | undefined;

/** Keeps the app on this device. A newer version is fetched and then waits until the reader agrees. */
export async function keepApp(): Promise<void> {
  const container = (navigator as Partial<Navigator>).serviceWorker;
  if (__SINGLE_FILE__) return;
  keepInstallOffer();
  if (!container) {
    appState.set('unsupported');
    return;
  }
  try {
    const first = !container.controller;
    registration = await container.register(scriptUrl(new URL('sw.js', document.baseURI).href), {
      updateViaCache: 'none',
    });
    if (registration.waiting && container.controller) appState.set('update-ready');
    else if (registration.active && !registration.installing) appState.set('kept');
    watch(registration.installing, first);
    registration.addEventListener('updatefound', () => watch(registration?.installing ?? null, false));
  } catch {
    appState.set(container.controller ? 'kept' : 'unsupported');
  }
}

/** Lets the waiting version take over, then opens the page again. */
export function takeNewVersion(): void {
  const waiting = registration?.waiting;
  if (!waiting) {
    location.reload();
    return;
  }
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.postMessage({ type: 'SKIP_WAITING' });
}

/** Looks whether the host has a newer version. @returns false when it has none or cannot be reached */
export async function lookForNewVersion(): Promise<boolean> {
  await registration?.update().catch(() => undefined);
  return registration?.installing !== null && registration?.installing !== undefined
    ? true
    : registration?.waiting !== null && registration?.waiting !== undefined;
}

function watch(worker: ServiceWorker | null, first: boolean): void {
  worker?.addEventListener('statechange', () => {
    if (worker.state === 'installed' && navigator.serviceWorker.controller) appState.set('update-ready');
    if (worker.state === 'activated' && first) appState.set('just-kept');
  });
}
