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
  if (name === undefined) unstored.clear();
  else unstored.delete(name);
  try {
    for (const key of Object.keys(sessionStorage))
      if (name === undefined ? key.startsWith(PREFIX) : key === PREFIX + name) sessionStorage.removeItem(key);
  } catch {
    // Storage is off: nothing was kept.
  }
}
