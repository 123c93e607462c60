import { createRoutes } from '../../../../ui/app/create-routes.js';

/** The views of the wallet; those of the navigation first, in its order. */
export const VIEWS = [
  'certificates',
  'receive',
  'history',
  'backup',
  'settings',
  'certificate',
  'show',
  'paper',
  'link',
  'worth',
  'share',
] as const;

/** One of {@link VIEWS}. */
export type View = (typeof VIEWS)[number];

/** Views the navigation leads to. */
export const MAIN_VIEWS = [
  'certificates',
  'receive',
  'history',
  'backup',
  'settings',
] as const satisfies readonly View[];

export const { parseRoute, routeHref, navigate } = createRoutes<View>(VIEWS);
