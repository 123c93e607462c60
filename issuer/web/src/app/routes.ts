import { createRoutes } from '../../../../ui/app/create-routes.js';

/** The views of the console. */
export const VIEWS = ['work', 'issue', 'batches', 'certificates', 'people', 'audit', 'account'] as const;

/** One of {@link VIEWS}. */
export type View = (typeof VIEWS)[number];

export const { parseRoute, routeHref, navigate } = createRoutes<View>(VIEWS);
