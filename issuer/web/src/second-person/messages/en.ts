import type { AppLanguage } from '../../../../../ui/i18n/index.js';
import type { zhCN } from './zh-CN.js';

/** Sentences about acts of two people in English. */
export const en: AppLanguage<keyof (typeof zhCN)['words']> = {
  tag: 'en',
  words: {
    'second.same-name':
      'Whoever handed this in has your name ({{name}}). Make sure that they are two people; the record of the approval will say so.',
    'second.not-independent':
      'One of you two, you and whoever handed this in, gave the other their account or key, or reset it. So you cannot approve it: another approver has to. If there is nobody else, the administrator of the host resets the account the other one made, and it is handed in anew.',
    'second.same-person': 'You handed this in yourself, or with another key of yours; somebody else has to approve it.',
    'second.off-title': 'No second person is asked for here',
    'second.off':
      'One person alone can issue, revoke and correct. The demo has it switched off so that it can be tried alone; switch it on for real work. An administrator of the institution can switch it on, only the host can switch it off.',
    'second.turn-on': 'Ask for a second person',
    'second.back-help':
      'The clerk will see it, and it stays in the audit log: name the row and what is wrong, no document numbers.',
    'second.at': '{{name}} · {{time}}',
    'offer.withheld':
      'This certificate names no wallet of its holder: it belongs to whoever takes it. So the code is not shown here: a second member of staff checks the holder’s document and tells it, in “Slips” on this page.',
    'offer.list': 'Slips',
    'offer.none': 'No slip was made yet.',
    'offer.made': 'Made',
    'offer.state': 'State',
    'offer.until-column': 'Until',
    'offer.act': 'Act',
    'offer.state.open': 'waits',
    'offer.state.open-withheld': 'waits; code not told yet',
    'offer.state.used': 'taken',
    'offer.state.locked': 'locked (five wrong codes)',
    'offer.state.withdrawn': 'withdrawn',
    'offer.state.expired': 'expired',
    'offer.tell': 'Tell the code',
    'offer.checked': 'I have checked the identity document: it is the holder',
    'offer.told': 'Code (shown this once; tell it to the holder in person):',
    'offer.withdraw': 'Withdraw',
    'problem.APPROVER_NOT_INDEPENDENT':
      'One of you two, you and whoever handed this in, gave the other their account or key. Somebody else has to do it. If there is nobody, the administrator of the host resets the account the other one made, and it is handed in anew.',
    'problem.APPROVAL_OFF_BY_HOST':
      'Only an administrator of the host can do without a second person; the institution can only ask for one.',
    'problem.BATCH_DECIDED': 'Somebody else was first; see below who, and when.',
    'problem.NOTE_HOLDS_ID_NUMBER': 'This stays in the audit log: name the row instead of the document number.',
    'problem.OFFER_CODE_TOLD': 'The code of this slip was told already; make a new slip.',
    'problem.OFFER_USED': 'The certificate was taken; there is nothing left to withdraw.',
    'problem.OFFER_EXPIRED': 'This slip has expired; make a new one.',
    'problem.OFFER_LOCKED': 'This slip is locked; make a new one.',
    'problem.OFFER_WITHDRAWN': 'This slip was withdrawn; make a new one.',
  },
};
