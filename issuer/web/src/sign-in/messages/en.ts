import type { AppLanguage } from '../../../../../ui/i18n/index.js';
import type { zhCN } from './zh-CN.js';

/** The same in English. */
export const en: AppLanguage<keyof (typeof zhCN)['words']> = {
  tag: 'en',
  words: {
    'provider.sign-in': 'Sign in with {{provider}}',
    'provider.help': 'You go to {{provider}}, which checks who you are, and come back here.',
    'provider.again': 'If you sign in with {{provider}}: do so in a new window, then come back here and go on.',
    'provider.again-open': 'Open a window to sign in',
    'provider.again-done': 'I have signed in: go on',
    'provider.returned': 'Back from {{provider}}',
    'provider.checking': 'Checking …',
    'provider.factor': '{{provider}} did not say that a second factor was used: type a code of this service as well.',
    'provider.to-sign-in': 'Back to sign in',
    'provider.invited': '{{name}}, you are invited as: {{roles}}.',
    'provider.invited-again':
      '{{name}}, your administrator reset your account; the old password and factors no longer work.',
    'provider.accept': 'Accept with {{provider}}',
    'provider.accept-help':
      'You then sign in with {{provider}}, without another password. A login is needed all the same: lists and the log know you by it.',
    'provider.accept-or': 'Or choose a password',
    'provider.card': 'Sign in with {{provider}}',
    'provider.card-help':
      'Once linked you can sign in to this account with {{provider}}. Roles still come from your administrator.',
    'provider.link': 'Link {{provider}}',
    'provider.linked': 'linked {{since}}, last used {{used}}',
    'provider.linked-now': 'Linked.',
    'provider.unlink': 'End the link',
    'people.linked': 'linked to {{provider}} ({{since}})',
    'people.unlink': 'End the link',
    'problem.OIDC_OFF': 'No identity provider is set up here; sign in with passkey or password.',
    'problem.OIDC_DENIED': 'You did not let the identity provider sign you in; begin again if you want to.',
    'problem.OIDC_STATE': 'This sign-in took too long, was finished already, or began in another browser; begin again.',
    'problem.OIDC_REFUSED':
      'The answer of the identity provider could not be relied on, so you are not signed in. Begin again; if it happens again, tell your administrator.',
    'problem.OIDC_NOT_FRESH':
      'The identity provider did not ask you to sign in anew; sign out there first, then begin again.',
    'problem.OIDC_UNREACHABLE':
      'The identity provider does not answer; sign in with passkey or password, or try later.',
    'problem.IDENTITY_NOT_LINKED':
      'No account is linked to this identity yet. If you have one: sign in with passkey or password and link it under “My account”. If not: ask your administrator for an invitation.',
    'problem.IDENTITY_TAKEN':
      'This identity is linked to another account; one person has one account. Ask your administrator.',
    'problem.IDENTITY_ALREADY': 'This account is linked already; end that link first.',
    'problem.ACCOUNT_DISABLED': 'This account was ended; ask your administrator.',
    'problem.PROVIDER_FACTOR_NEEDED':
      'The identity provider did not say that a second factor was used, on which this account relies; sign in there with one, or ask your administrator for a reset.',
    'problem.FRESH_SIGN_IN_NEEDED':
      'So that nobody else links theirs: sign out and in again, then link within ten minutes.',
    'problem.WAY_IN_NEEDED': 'Add a passkey first: without this link you could not sign in any more.',
    'problem.CHALLENGES_WAITING':
      'Too many people are signing in; try again in some minutes, or use passkey or password.',
  },
};
