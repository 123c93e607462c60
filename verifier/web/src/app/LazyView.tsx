import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useText } from '../i18n/index.js';
import { Notice } from '../ui/index.js';
import { VIEW_MODULES } from './view-modules.js';
import type { Route, View } from './routes.js';

/** What every view is given: the id in its address, when there is one. */
export interface ViewProps {
  id?: string;
}

/** A view that is loaded when it is first gone to. */
export function LazyView({ view, id }: Route) {
  const { say } = useText();
  const [shown, setShown] = useState<{ view: View; component?: ComponentType<ViewProps> }>();
  useEffect(() => {
    let wanted = true;
    VIEW_MODULES[view]().then(
      (component) => wanted && setShown({ view, component }),
      () => wanted && setShown({ view }),
    );
    return () => void (wanted = false);
  }, [view]);
  if (shown?.view !== view) return <p class="soft">{say('app.loading')}</p>;
  if (!shown.component)
    return (
      <Notice kind="bad" live>
        {say('app.view-failed')}
      </Notice>
    );
  const { component: Shown } = shown;
  return <Shown {...(id !== undefined && { id })} />;
}
