import { createStore } from './store.js';

/** What Chromium asks a page that can be installed; other browsers have a command in their menu only. */
interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

/** Whether the browser would install the app now. Follow it with `useStore(canInstall)`. */
export const canInstall = createStore(false);

let offer: InstallOffer | undefined;

/** Keeps the browser's offer to install the app until the reader asks for it, instead of a banner of the browser's own. */
export function keepInstallOffer(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offer = event as InstallOffer;
    canInstall.set(true);
  });
  addEventListener('appinstalled', forget);
}

/** Lets the browser ask the reader and install the app. An offer holds once. */
export async function install(): Promise<void> {
  const held = offer;
  forget();
  await held?.prompt();
}

function forget(): void {
  offer = undefined;
  canInstall.set(false);
}
