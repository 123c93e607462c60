import { remember, remembered } from '../../../../ui/app/preferences.js';
import { wallet, walletState } from './wallet.js';

/** After how many minutes out of sight the wallet locks itself; 0 = at once. */
export const LOCK_MINUTES = [0, 1, 5, 15, 60] as const;
const DEFAULT = 5;

/** The choice of this device. */
export function lockMinutes(): number {
  const kept = Number(remembered('wallet-lock-minutes') ?? DEFAULT);
  return LOCK_MINUTES.find((minutes) => minutes === kept) ?? DEFAULT;
}

/** Remembers the choice. */
export function setLockMinutes(minutes: number): void {
  remember('wallet-lock-minutes', String(minutes));
}

/** Locks the wallet when it was out of sight for longer than chosen; a phone may sleep, so the clock is asked on return, too. */
export function startAutoLock(): void {
  let hiddenAt: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const lock = (): void => {
    if (walletState.get().phase === 'open') wallet().vault.lock();
  };
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    const limit = lockMinutes() * 60_000;
    if (document.visibilityState === 'hidden') {
      hiddenAt = Date.now();
      timer = setTimeout(lock, limit);
    } else {
      if (hiddenAt !== undefined && Date.now() - hiddenAt >= limit) lock();
      hiddenAt = undefined;
    }
  });
}
