import type { AppLanguage } from '../../../../../ui/i18n/index.js';
import type { zhCN } from './zh-CN.js';

/** The same in English. */
export const en: AppLanguage<keyof (typeof zhCN)['words']> = {
  tag: 'en',
  words: {
    'parts.required': '(required)',
    'parts.choose': 'Choose {{row}}',
    'parts.choose-all': 'Choose all that are listed',
    'parts.close': 'Close',
  },
};
