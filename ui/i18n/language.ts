import type { Language } from '../../shared/i18n/create-translator.js';
import type { zhCN } from './messages/zh-CN.js';

/** Name of a sentence that every app of ours has. */
export type UiWordKey = keyof (typeof zhCN)['words'];

/** A language: one file in `ui/i18n/messages/` and one in each app's own `i18n/messages/`, which is all it takes to add one. */
export interface WebLanguage {
  /** BCP 47 tag. */
  tag: string;
  /** Its name in itself. */
  name: string;
  /** The language verdicts come in: `shared/` has its own sentences. */
  sentences: Language;
  words: Readonly<Record<UiWordKey, string>>;
}

/** An app's own sentences in one language. A key that every app has may be among them: the app then says that in its own words. */
export interface AppLanguage<Key extends string = string> {
  /** Tag of a {@link WebLanguage}. */
  tag: string;
  words: Readonly<Record<Key, string>>;
}
