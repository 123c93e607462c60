import type { ViewModules } from '../../../../ui/app/LazyView.js';
import type { View } from './routes.js';

/** Where each view's component is, loaded when first needed. */
export const VIEW_MODULES: ViewModules<View> = {
  work: () => import('../work/index.js').then(({ WorkView }) => WorkView),
  issue: () => import('../issue/index.js').then(({ IssueView }) => IssueView),
  batches: () => import('../batches/index.js').then(({ BatchesView }) => BatchesView),
  certificates: () => import('../certificates/index.js').then(({ CertificatesView }) => CertificatesView),
  audit: () => import('../audit/index.js').then(({ AuditView }) => AuditView),
  people: () => import('../people/index.js').then(({ PeopleView }) => PeopleView),
  account: () => import('../account/index.js').then(({ AccountView }) => AccountView),
};
