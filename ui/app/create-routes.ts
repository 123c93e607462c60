/** Where an app is: a view, and what it is about, e.g. the id of a receipt. */
export interface Route<View extends string> {
  view: View;
  id?: string;
}

/** Reads and writes the part of an app's address after `#`, e.g. `#/receipt/17`. */
export interface Routes<View extends string> {
  /** Anything unknown is the first view. */
  parseRoute: (hash: string) => Route<View>;
  /** The address of a view, for links: `<a href={routeHref('receipt', id)}>`. */
  routeHref: (view: View, id?: string) => string;
  /** Goes to a view. */
  navigate: (view: View, id?: string) => void;
}

const ROUTE = /^#\/([a-z]+)(?:\/([A-Za-z0-9._~!'()*%-]{1,400}))?$/;

/** @param views names of the views, the first one first */
export function createRoutes<View extends string>(views: readonly [View, ...View[]]): Routes<View> {
  const routeHref = (view: View, id?: string): string =>
    `#/${view}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;
  return {
    routeHref,
    parseRoute: (hash) => {
      const [, name, encoded] = ROUTE.exec(hash) ?? [];
      const id = encoded === undefined ? undefined : decoded(encoded);
      const view = views.find((known) => known === name) ?? views[0];
      return { view, ...(id !== undefined && view === name && { id }) };
    },
    navigate: (view, id) => {
      location.hash = routeHref(view, id);
    },
  };
}

/** Undefined where somebody changed the address into none. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
