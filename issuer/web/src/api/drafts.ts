/** What a form holds, by the name of each field. */
export type DraftValues = Readonly<Record<string, string>>;

const PREFIX = 'yizheng.draft.';
/** Fields that are never stored live as long as the page. */
const unstored = new Map<string, DraftValues>();

/**
 * Keeps a form in this tab.
 * @param secret fields that are kept in memory only
 */
export function writeDraft(name: string, values: DraftValues, secret: readonly string[]): void {
  const entries = Object.entries(values);
  unstored.set(name, Object.fromEntries(entries.filter(([field]) => secret.includes(field))));
  try {
    const kept = Object.fromEntries(entries.filter(([field]) => !secret.includes(field)));
    sessionStorage.setItem(PREFIX + name, JSON.stringify(kept));
  } catch {
    // Storage is off or full: the form lasts as long as the page.
  }
}

/** What was kept of a form; undefined when nothing was. */
export function readDraft(name: string): DraftValues | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(PREFIX + name) ?? 'null');
    if (typeof value !== 'object' || value === null) return unstored.get(name);
    const kept = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    return { ...Object.fromEntries(kept), ...unstored.get(name) };
  } catch {
    return unstored.get(name);
  }
}

/** Forgets one form, or with no name every form of this tab: somebody signs out. */
export function forgetDrafts(name?: string): void {
  forgetWhere((one) => name === undefined || one === name);
}

/** Forgets what others than this account left in this tab: their session ended before they signed out. */
export function forgetDraftsOfOthers(account: string): void {
  forgetWhere((one) => !one.startsWith(`${account}.`));
}

function forgetWhere(isGone: (name: string) => boolean): void {
  for (const name of [...unstored.keys()]) if (isGone(name)) unstored.delete(name);
  try {
    for (const key of Object.keys(sessionStorage))
      if (key.startsWith(PREFIX) && isGone(key.slice(PREFIX.length))) sessionStorage.removeItem(key);
  } catch {
    // Storage is off: nothing was kept.
  }
}
