import type { AppLanguage } from '../../../../../ui/i18n/index.js';
import type { zhCN } from './zh-CN.js';

/** Sentences of supervision in English. */
export const en: AppLanguage<keyof (typeof zhCN)['words']> = {
  tag: 'en',
  words: {
    'role.supervisor': 'Supervisor',
    'role.supervisor.help': 'sees how much is certified, what is unusual, and assessment sessions; changes nothing',
  },
};
