import { createRoutes } from '../../../../ui/app/create-routes.js';

/** The views of the app, in the order of its navigation. */
export const VIEWS = ['verify', 'roster', 'receipt', 'history', 'settings'] as const;

/** One of {@link VIEWS}. */
export type View = (typeof VIEWS)[number];

export const { parseRoute, routeHref, navigate } = createRoutes<View>(VIEWS);
