import { useState } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { typedTime } from '../parts/china-time.js';
import { TextField } from '../parts/index.js';
import { CeremonyForm } from './CeremonyForm.js';
import { Consequences } from './Consequences.js';

/** A key may be in other hands: since when, what that means, and only then the proposal. */
export function CompromisePage({ path, name }: { path: string; name: string }) {
  const { say } = useText();
  const mayAct = rolesNow(useStore(sessionState)).includes('custodian');
  const [at, setAt] = useState('');
  const [since, setSince] = useState<string>();
  return (
    <section class="stack">
      <p>
        <a href={routeHref('keys')}>{say('keys.back')}</a>
      </p>
      <h1>{say('keys.compromise-title', { name })}</h1>
      <Notice kind="care">{say('keys.compromise-first')}</Notice>
      <form
        class="card stack"
        onSubmit={(event) => {
          event.preventDefault();
          setSince(typedTime(at));
        }}
      >
        <TextField
          label={say('keys.since')}
          help={say('keys.since-help')}
          type="datetime-local"
          required
          value={at}
          onInput={(value) => {
            setAt(value);
            setSince(undefined);
          }}
        />
        <div class="actions">
          <Button type="submit" kind={since === undefined ? 'primary' : 'plain'}>
            {say('keys.show-consequences')}
          </Button>
        </div>
      </form>
      {since !== undefined && (
        <>
          <Consequences path={path} name={name} since={since} />
          {mayAct && (
            <CeremonyForm
              path={path}
              about={{ kind: 'compromise', key: name, since }}
              submit={say('keys.propose.compromise')}
              isDangerous
            >
              <h2>{say('keys.kind.compromise')}</h2>
              <p>{say('keys.explain.compromise')}</p>
            </CeremonyForm>
          )}
        </>
      )}
    </section>
  );
}
