import type { ViewModules } from '../../../../ui/app/LazyView.js';
import type { View } from './routes.js';

/** Where each view's component is; all are in the app's store, and loaded when first needed. */
export const VIEW_MODULES: ViewModules<View> = {
  certificates: () => import('../certificates/index.js').then(({ CertificatesView }) => CertificatesView),
  certificate: () => import('../certificates/CertificateView.js').then(({ CertificateView }) => CertificateView),
  receive: () => import('../receive/index.js').then(({ ReceiveView }) => ReceiveView),
  show: () => import('../show/ShowView.js').then(({ ShowView }) => ShowView),
  paper: () => import('../show/PaperView.js').then(({ PaperView }) => PaperView),
  link: () => import('../share/LinkView.js').then(({ LinkView }) => LinkView),
  share: () => import('../share/index.js').then(({ ShareView }) => ShareView),
  worth: () => import('../worth/index.js').then(({ WorthView }) => WorthView),
  history: () => import('../history/index.js').then(({ HistoryView }) => HistoryView),
  backup: () => import('../backup/index.js').then(({ BackupView }) => BackupView),
  settings: () => import('../settings/index.js').then(({ SettingsView }) => SettingsView),
};
