import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { VIEW_MODULES } from './view-modules.js';
import type { Route, View } from './routes.js';

/** What every view is given: the id in its address, when there is one. */
export interface ViewProps {
  id?: string;
}

/** A view that is loaded when it is first gone to. */
export function LazyView({ view, id }: Route) {
  const [shown, setShown] = useState<{ view: View; component: ComponentType<ViewProps> }>();
  useEffect(() => {
    let wanted = true;
    void VIEW_MODULES[view]().then((component) => wanted && setShown({ view, component }));
    return () => void (wanted = false);
  }, [view]);
  if (shown?.view !== view) return null;
  const { component: Shown } = shown;
  return <Shown {...(id !== undefined && { id })} />;
}
