import { createRoutes } from '../../../../ui/app/create-routes.js';

/** The views of the app, in the order of its navigation. */
export const VIEWS = ['verify', 'roster', 'receipt', 'history', 'settings', 'request'] as const;

/** Those of them that the navigation shows; the request is begun from the verify view. */
export const NAVIGATION = VIEWS.filter((view) => view !== 'request');

/** One of {@link VIEWS}. */
export type View = (typeof VIEWS)[number];

export const { parseRoute, routeHref, navigate } = createRoutes<View>(VIEWS);
