import { createRoutes } from '../../../../ui/app/create-routes.js';

/** The views of the console, of both services, in the order of the navigation. */
export const VIEWS = [
  'work',
  'issue',
  'sessions',
  'exemptions',
  'batches',
  'certificates',
  'printing',
  'supervision',
  'institutions',
  'recognitions',
  'requests',
  'map',
  'publication',
  'keys',
  'people',
  'audit',
  'account',
] as const;

/** One of {@link VIEWS}. */
export type View = (typeof VIEWS)[number];

export const { parseRoute, routeHref, navigate } = createRoutes<View>(VIEWS);
