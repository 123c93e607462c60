import type { ViewModules } from '../../../../ui/app/LazyView.js';
import type { View } from './routes.js';

/** Where each view's component is; all are in the app's store, and loaded when first needed. */
export const VIEW_MODULES: ViewModules<View> = {
  verify: () => import('../verify-view/index.js').then(({ VerifyView }) => VerifyView),
  roster: () => import('../roster/index.js').then(({ RosterView }) => RosterView),
  receipt: () => import('../receipt/index.js').then(({ ReceiptView }) => ReceiptView),
  history: () => import('../history/index.js').then(({ HistoryView }) => HistoryView),
  request: () => import('../request/index.js').then(({ RequestView }) => RequestView),
  settings: () => import('../../../../ui/settings/index.js').then(({ SettingsView }) => SettingsView),
};
