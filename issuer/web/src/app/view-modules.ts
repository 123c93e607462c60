import type { ViewModules } from '../../../../ui/app/LazyView.js';
import { serviceState } from '../api/service.js';
import type { View } from './routes.js';

/** Where each view's component is, loaded when first needed. */
export const VIEW_MODULES: ViewModules<View> = {
  work: () =>
    serviceState.get() === 'registry'
      ? import('../registry/WorkView.js').then(({ WorkView }) => WorkView)
      : import('../work/index.js').then(({ WorkView }) => WorkView),
  institutions: () => import('../registry/institutions/index.js').then(({ InstitutionsView }) => InstitutionsView),
  recognitions: () => import('../registry/recognitions/index.js').then(({ RecognitionsView }) => RecognitionsView),
  requests: () => import('../registry/requests/index.js').then(({ RequestsView }) => RequestsView),
  map: () => import('../registry/map/index.js').then(({ MapView }) => MapView),
  publication: () => import('../registry/publication/index.js').then(({ PublicationView }) => PublicationView),
  sessions: () => import('../sessions/index.js').then(({ SessionsView }) => SessionsView),
  issue: () => import('../issue/index.js').then(({ IssueView }) => IssueView),
  exemptions: () => import('../applications/index.js').then(({ ApplicationsView }) => ApplicationsView),
  batches: () => import('../batches/index.js').then(({ BatchesView }) => BatchesView),
  certificates: () => import('../certificates/index.js').then(({ CertificatesView }) => CertificatesView),
  printing: () => import('../printing/index.js').then(({ PrintingView }) => PrintingView),
  supervision: () => import('../supervision/index.js').then(({ SupervisionView }) => SupervisionView),
  audit: () => import('../audit/index.js').then(({ AuditView }) => AuditView),
  keys: () => import('../keys/index.js').then(({ KeysView }) => KeysView),
  people: () => import('../people/index.js').then(({ PeopleView }) => PeopleView),
  account: () => import('../account/index.js').then(({ AccountView }) => AccountView),
};
