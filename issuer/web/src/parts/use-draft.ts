import { useState } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { forgetDrafts, readDraft, writeDraft, type DraftValues } from '../api/drafts.js';
import { sessionState } from '../api/session-state.js';

/** A form that is still there after a look elsewhere or a reload. */
export interface Draft {
  values: DraftValues;
  /** It was begun before, and found again. */
  isFound: boolean;
  set: (values: DraftValues) => void;
  /** Begins anew and forgets what was kept. */
  clear: () => void;
}

/**
 * Keeps what is typed into a form, for this account and tenant, in this tab: until it is handed in, cleared, signed out or the tab closed.
 * @param form its name
 * @param start what it holds at first
 * @param secret fields that are never stored anywhere: they survive a look at another view, not a reload
 */
export function useDraft(form: string, start: DraftValues, secret: readonly string[] = []): Draft {
  const { signedIn, tenant } = useStore(sessionState);
  const name = `${signedIn?.account.id ?? ''}.${tenant ?? ''}.${form}`;
  const [draft, setDraft] = useState(() => {
    const found = readDraft(name);
    return { values: { ...start, ...found }, isFound: found !== undefined };
  });
  return {
    ...draft,
    set: (values) => {
      setDraft((before) => ({ ...before, values }));
      writeDraft(name, values, secret);
    },
    clear: () => {
      setDraft({ values: start, isFound: false });
      forgetDrafts(name);
    },
  };
}
