import { createRoutes } from '../../../../ui/app/create-routes.js';

/** The views of the console, of both services, in the order of the navigation. */
export const VIEWS = [
  'work',
  'issue',
  'exemptions',
  'batches',
  'certificates',
  'institutions',
  'recognitions',
  'requests',
  'map',
  'publication',
  'people',
  'audit',
  'account',
] as const;

/** One of {@link VIEWS}. */
export type View = (typeof VIEWS)[number];

export const { parseRoute, routeHref, navigate } = createRoutes<View>(VIEWS);
