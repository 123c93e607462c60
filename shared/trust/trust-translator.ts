import { createTranslator, type Language, type Translate } from '../i18n/create-translator.js';
import { en } from './messages/en.js';
import { zhCN } from './messages/zh-CN.js';

/** Languages in which recognition is explained. */
export type TrustLanguage = Language;

/** Gives the sentence for a key; an unknown key is returned as it is. */
export type TrustTranslate = Translate;

/** Sentences that explain recognition. The verdict has its own; `trust` may not use those (DESIGN §3). */
export const trustTranslator = createTranslator({ 'zh-CN': zhCN, en });
