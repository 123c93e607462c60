/** Small things remembered on this device between visits; where the browser forbids it, they are forgotten. */
export type Preference =
  | 'language'
  | 'authority-was-chosen'
  | 'own-hosts'
  | 'history-days'
  | `scan-${string}`
  | `wallet-${string}`
  | 'console-tenant'
  | 'console-shortcuts'
  | `console-look-${string}`;

const PREFIX = 'yizheng.';

/** What was remembered, or undefined. */
export function remembered(name: Preference): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers, or with undefined forgets. */
export function remember(name: Preference, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // Storage is off or full: the choice lasts for this visit.
  }
}
