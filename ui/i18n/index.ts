import type { Language } from '../../shared/i18n/create-translator.js';
import { remember, remembered } from '../app/preferences.js';
import { createStore, useStore } from '../app/store.js';
import type { AppLanguage, UiWordKey, WebLanguage } from './language.js';
import { zhCN } from './messages/zh-CN.js';

export type { AppLanguage, UiWordKey, WebLanguage } from './language.js';

const files = import.meta.glob<Record<string, WebLanguage>>('./messages/*.ts', { eager: true });

/** Every language there is a file for in `messages/`, Chinese first. */
export const WEB_LANGUAGES: readonly WebLanguage[] = Object.values(files)
  .flatMap((file) => Object.values(file))
  .sort((a, b) => Number(b === zhCN) - Number(a === zhCN));

/** Gives the words for a key; `{{name}}` in them stands for a value. */
export type Say<Key extends string = UiWordKey> = (
  key: Key,
  values?: Readonly<Record<string, string | number>>,
) => string;

/** Words and sentences in the reader's language. */
export interface Text<Key extends string = UiWordKey> {
  say: Say<Key>;
  /** BCP 47 tag, e.g. `zh-CN`. */
  tag: string;
  /** The language verdicts and explanations of `shared/` are given in. */
  sentences: Language;
}

const words = new Map<string, Record<string, string>>(WEB_LANGUAGES.map(({ tag, words: ours }) => [tag, { ...ours }]));
const texts = new Map(WEB_LANGUAGES.map((language) => [language.tag, textOf(language)]));
const fallback = textOf(zhCN);
const chosen = createStore(startTag());

/**
 * Adds an app's own sentences; an app calls it once, before anything is shown, and gives its views {@link useText} with its own keys.
 * @param languages exports of the files in the app's `messages/`
 */
export function addWords(languages: Iterable<AppLanguage>): void {
  for (const { tag, words: more } of languages) Object.assign(words.get(tag) ?? {}, more);
}

/** The reader's language; the component renders again when it changes. */
export function useText(): Text {
  return texts.get(useStore(chosen)) ?? fallback;
}

/** The same outside of components. */
export function currentText(): Text {
  return texts.get(chosen.get()) ?? fallback;
}

/** Whether there is a sentence of this name, ours or the app's. */
export function isWord(key: string): key is UiWordKey {
  return Object.hasOwn(words.get(zhCN.tag) ?? {}, key);
}

/** Changes the language and remembers it. */
export function chooseLanguage(tag: string): void {
  if (!texts.has(tag)) return;
  remember('language', tag);
  chosen.set(tag);
}

function textOf({ tag, sentences }: WebLanguage): Text {
  const say: Say = (key, values = {}) =>
    (words.get(tag)?.[key] ?? key).replace(/\{\{(\w+)\}\}/g, (all, name: string) => String(values[name] ?? all));
  return { say, tag, sentences };
}

function startTag(): string {
  const kept = remembered('language');
  if (kept !== undefined && texts.has(kept)) return kept;
  const wanted = typeof navigator === 'undefined' ? [] : navigator.languages;
  for (const tag of wanted) {
    const found =
      WEB_LANGUAGES.find((language) => language.tag === tag) ??
      WEB_LANGUAGES.find((language) => language.tag.split('-')[0] === tag.split('-')[0]);
    if (found) return found.tag;
  }
  return zhCN.tag;
}
