import { createTranslator } from '../i18n/create-translator.js';
import { en } from './messages/en.js';
import { zhCN } from './messages/zh-CN.js';

export { LANGUAGES, type Language, type Translate } from '../i18n/create-translator.js';

/** Sentences of verdicts in one language. */
export const translator = createTranslator({ 'zh-CN': zhCN, en });
