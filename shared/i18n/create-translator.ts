import i18next from 'i18next';

/** Languages people read in. Chinese is the default; another one is a file of messages beside the others. */
export const LANGUAGES = ['zh-CN', 'en'] as const;

/** One of {@link LANGUAGES}. */
export type Language = (typeof LANGUAGES)[number];

/** Gives the sentence for a message key; an unknown key is returned as it is, never an empty line. */
export type Translate = (key: string, params?: Record<string, string>) => string;

/**
 * Makes the look-up of one set of messages.
 * @param messages sentences by language and key; `{{name}}` stands for a value
 * @returns translator of a language; values are inserted as plain text (the page escapes when it renders)
 */
export function createTranslator(
  messages: Readonly<Record<Language, Readonly<Record<string, string>>>>,
): (language: Language) => Translate {
  const known = new Map<Language, Translate>();
  return (language) => {
    const made = known.get(language) ?? translate(language, messages[language]);
    known.set(language, made);
    return made;
  };
}

function translate(language: Language, sentences: Readonly<Record<string, string>>): Translate {
  const instance = i18next.createInstance();
  void instance.init({
    lng: language,
    fallbackLng: false,
    initAsync: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false, skipOnVariables: true },
    resources: { [language]: { translation: { ...sentences } } },
  });
  return (key, params = {}) => instance.t(key, params);
}
