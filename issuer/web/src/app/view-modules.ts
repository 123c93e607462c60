import type { ViewModules } from '../../../../ui/app/LazyView.js';
import type { View } from './routes.js';

/** Where each view's component is, loaded when first needed. */
export const VIEW_MODULES: ViewModules<View> = {
  people: () => import('../people/index.js').then(({ PeopleView }) => PeopleView),
  account: () => import('../account/index.js').then(({ AccountView }) => AccountView),
};
