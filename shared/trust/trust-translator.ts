import i18next from 'i18next';
import { en } from './messages/en.js';
import { zhCN } from './messages/zh-CN.js';

/** Languages in which recognition is explained. */
export type TrustLanguage = 'zh-CN' | 'en';

/** Gives the sentence for a key; an unknown key is returned as it is. */
export type TrustTranslate = (key: string, params?: Record<string, string>) => string;

const translators = new Map<TrustLanguage, TrustTranslate>();

/**
 * Sentences that explain recognition. The verdict has its own; `trust` may not use those (DESIGN §3).
 * @returns a translator; values are inserted as plain text, so a page escapes when it renders
 */
export function trustTranslator(language: TrustLanguage): TrustTranslate {
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
  const translate: TrustTranslate = (key, params = {}) => instance.t(key, params);
  translators.set(language, translate);
  return translate;
}
