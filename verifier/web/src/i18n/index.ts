import { createStore, useStore } from '../app/store.js';
import { remember, remembered } from '../app/preferences.js';
import type { Language } from '../../../../shared/i18n/create-translator.js';
import type { WebLanguage, WordKey } from './language.js';
import { zhCN } from './messages/zh-CN.js';

export type { WebLanguage, WordKey, Words } from './language.js';

const files = import.meta.glob<Record<string, WebLanguage>>('./messages/*.ts', { eager: true });

/** Every language there is a file for in `messages/`, Chinese first. */
export const WEB_LANGUAGES: readonly WebLanguage[] = Object.values(files)
  .flatMap((file) => Object.values(file))
  .sort((a, b) => Number(b === zhCN) - Number(a === zhCN));

/** Gives the words for a key; `{{name}}` in them stands for a value. */
export type Say = (key: WordKey, values?: Readonly<Record<string, string | number>>) => string;

/** Words and sentences in the reader's language. */
export interface Text {
  say: Say;
  /** BCP 47 tag, e.g. `zh-CN`. */
  tag: string;
  /** The language verdicts and explanations of `shared/` are given in. */
  sentences: Language;
}

const texts = new Map(WEB_LANGUAGES.map((language) => [language.tag, textOf(language)]));
const fallback = textOf(zhCN);
const chosen = createStore(startTag());

/** The reader's language; the component renders again when it changes. */
export function useText(): Text {
  return texts.get(useStore(chosen)) ?? fallback;
}

/** The same outside of components. */
export function currentText(): Text {
  return texts.get(chosen.get()) ?? fallback;
}

/** Changes the language and remembers it. */
export function chooseLanguage(tag: string): void {
  if (!texts.has(tag)) return;
  remember('language', tag);
  chosen.set(tag);
}

function textOf({ tag, sentences, words }: WebLanguage): Text {
  const say: Say = (key, values = {}) =>
    words[key].replace(/\{\{(\w+)\}\}/g, (all, name: string) => String(values[name] ?? all));
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
