import type { WebLanguage } from '../language.js';

/** English. */
export const en: WebLanguage = {
  tag: 'en',
  name: 'English',
  sentences: 'en',
  words: {
    'app.brand': 'Yizheng',
    'app.tagline': 'skill certificate check',
    'nav.label': 'Main',
    'nav.verify': 'Check',
    'nav.roster': 'Many',
    'nav.receipt': 'Receipts',
    'nav.history': 'History',
    'nav.settings': 'Settings',
  },
};
