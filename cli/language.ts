import { LANGUAGES, type Language } from '../shared/verdict/translator.js';

/**
 * Language of the terminal: `--lang`, else English where the locale (`LC_ALL`, `LC_MESSAGES`, `LANG`) says so, else Chinese.
 */
export function chooseLanguage(wanted: unknown, environment: Readonly<Record<string, string | undefined>>): Language {
  const named = LANGUAGES.find((language) => language === wanted);
  if (named !== undefined) return named;
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  const locale = [LC_ALL, LC_MESSAGES, LANG].find((value) => value !== undefined && value !== '');
  return locale?.startsWith('en') ? 'en' : 'zh-CN';
}
