import i18next from 'i18next';
import { en } from './messages/en.js';
import { zhCN } from './messages/zh-CN.js';

/** Languages people read verdicts in. Chinese is the default; another one is a file in `messages/`. */
export const LANGUAGES = ['zh-CN', 'en'] as const;

/** One of {@link LANGUAGES}. */
export type Language = (typeof LANGUAGES)[number];

/** Gives the sentence for a message key; an unknown key is returned as it is, never an empty line. */
export type Translate = (key: string, params?: Record<string, string>) => string;

const translators = new Map<Language, Translate>();

/**
 * Sentences of one language.
 * @param language target language
 * @returns a translator; values are inserted as plain text (the page escapes when it renders)
 */
export function translator(language: Language): Translate {
  const known = translators.get(language);
  if (known) return known;
  const instance = i18next.createInstance();
  void instance.init({
    lng: language,
    fallbackLng: false,
    initAsync: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false, skipOnVariables: true },
    resources: { 'zh-CN': { translation: zhCN }, en: { translation: en } },
  });
  const translate: Translate = (key, params = {}) => instance.t(key, params);
  translators.set(language, translate);
  return translate;
}
