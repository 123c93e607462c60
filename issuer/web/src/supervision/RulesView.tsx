import { useState } from 'preact/hooks';
import type { z } from 'zod';
import { useStore } from '../../../../ui/app/store.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { hostRoles, sessionState } from '../api/session-state.js';
import { useCall } from '../api/use-call.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { RulesForm } from './RulesForm.js';
import { heldSettingsSchema } from './schemas.js';

/** The rules of the whole host: who set them, and for its administrator the form to set them. */
export function RulesView() {
  const { say } = useText();
  const roles = hostRoles(useStore(sessionState));
  const { value, error } = useCall((signal) => call('/supervision/rules', heldSettingsSchema, { signal }), []);
  const [saved, setSaved] = useState<z.infer<typeof heldSettingsSchema>>();
  const held = saved ?? value;
  return (
    <section class="stack">
      {roles.some((role) => role !== 'admin') && (
        <p>
          <a href={routeHref('supervision')}>{say('rules.back')}</a>
        </p>
      )}
      <h1>{say('rules.title')}</h1>
      <p class="soft">{say('rules.who')}</p>
      <Problem error={error} />
      {!value && error === undefined && <p class="soft">{say('app.loading')}</p>}
      {held && (
        <p>
          {held.setBy === undefined || held.setAt === undefined
            ? say('rules.never-set')
            : say('rules.set-by', { who: held.setByName ?? held.setBy, when: timeText(held.setAt) })}
        </p>
      )}
      {value && <RulesForm held={value} onSaved={setSaved} />}
    </section>
  );
}
