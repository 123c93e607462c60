import type { Language } from '../../../../shared/i18n/create-translator.js';
import type { zhCN } from './messages/zh-CN.js';

/** Name of one sentence of the app. */
export type WordKey = keyof (typeof zhCN)['words'];

/** Every sentence of the app in one language. */
export type Words = Readonly<Record<WordKey, string>>;

/** A language of the app: one file in `messages/`, which is all it takes to add one. */
export interface WebLanguage {
  /** BCP 47 tag. */
  tag: string;
  /** Its name in itself. */
  name: string;
  /** The language verdicts come in: `shared/` has its own sentences. */
  sentences: Language;
  words: Words;
}
