import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useText } from '../i18n/index.js';
import { Notice } from '../parts/index.js';

/** What every view is given: the id in its address, when there is one. */
export interface ViewProps {
  id?: string;
}

/** Where each view's component is; all are in the app's store, and loaded when first needed. */
export type ViewModules<View extends string> = Record<View, () => Promise<ComponentType<ViewProps>>>;

/** A view that is loaded when it is first gone to. */
export function LazyView<View extends string>({
  modules,
  view,
  id,
}: {
  modules: ViewModules<View>;
  view: View;
  id?: string;
}) {
  const { say } = useText();
  const [shown, setShown] = useState<{ view: View; component?: ComponentType<ViewProps> }>();
  useEffect(() => {
    let wanted = true;
    modules[view]().then(
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
