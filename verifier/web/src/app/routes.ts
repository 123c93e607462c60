/** The views of the app, in the order of its navigation. */
export const VIEWS = ['verify', 'roster', 'receipt', 'history', 'settings'] as const;

/** One of {@link VIEWS}. */
export type View = (typeof VIEWS)[number];

/** Where the app is: a view, and what it is about, e.g. the id of a receipt. */
export interface Route {
  view: View;
  id?: string;
}

const ROUTE = /^#\/([a-z]+)(?:\/([A-Za-z0-9._~-]{1,100}))?$/;

/** Reads the part of the address after `#`; anything unknown is the verify view. */
export function parseRoute(hash: string): Route {
  const [, name, id] = ROUTE.exec(hash) ?? [];
  const view = VIEWS.find((known) => known === name) ?? 'verify';
  return { view, ...(id !== undefined && view === name && { id }) };
}

/** The address of a view, for links: `<a href={routeHref('receipt', id)}>`. */
export function routeHref(view: View, id?: string): string {
  return `#/${view}${id === undefined ? '' : `/${id}`}`;
}

/** Goes to a view. */
export function navigate(view: View, id?: string): void {
  location.hash = routeHref(view, id);
}
