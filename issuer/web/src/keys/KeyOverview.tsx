import { useStore } from '../../../../ui/app/store.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { useCall } from '../api/use-call.js';
import { useText } from '../i18n/index.js';
import { CeremonyTable } from './CeremonyTable.js';
import { KeyCard } from './KeyCard.js';
import { PrepareForm } from './PrepareForm.js';
import { RotationSteps } from './RotationSteps.js';
import { ceremoniesSchema, keysSchema } from './schemas.js';

/** Every key, what is to be done, and what was done. */
export function KeyOverview({ path }: { path: string }) {
  const { say } = useText();
  const session = useStore(sessionState);
  const mayAct = rolesNow(session).includes('custodian');
  const known = useCall((signal) => call(`${path}/keys`, keysSchema, { signal }), [path]);
  const past = useCall((signal) => call(`${path}/key-ceremonies`, ceremoniesSchema, { signal }), [path]);
  const keys = known.value?.keys ?? [];
  const [next] = keys.filter(({ state }) => state === 'next');
  const [active] = keys.filter(({ state }) => state === 'active');
  const ended = keys.filter(({ state }) => state !== 'next' && state !== 'active');
  const place = known.value?.token ?? undefined;
  const isHere = known.value?.custody === 'keystore';
  const ceremonies = past.value?.ceremonies ?? [];
  const open = ceremonies.filter(({ state }) => state === 'proposed' || state === 'confirmed');
  return (
    <section class="stack">
      <h1>{say('nav.keys')}</h1>
      <Problem error={known.error ?? past.error} />
      {!known.value && known.error === undefined && <p class="soft">{say('app.loading')}</p>}
      {known.value && (
        <Notice kind="info">
          <p>
            {say(isHere ? (place ? 'keys.where-token' : 'keys.where-keystore') : 'keys.where-elsewhere', { ...place })}
          </p>
          <p>{say('keys.data-as-of', { time: timeText(known.value.dataAsOf) })}</p>
        </Notice>
      )}
      {open.length > 0 && (
        <div class="stack">
          <h2>{say('keys.open', { count: open.length })}</h2>
          <CeremonyTable label={say('keys.open', { count: open.length })} ceremonies={open} path={path} />
        </div>
      )}
      {known.value && !active && <Notice kind="bad">{say('keys.none-active')}</Notice>}
      {active && <KeyCard shown={active} path={path} mayAct={mayAct && isHere} />}
      {next && <KeyCard shown={next} path={path} mayAct={mayAct && isHere} />}
      {known.value && isHere && (
        <>
          <RotationSteps next={next} active={active} />
          {mayAct && !next && <PrepareForm path={path} />}
        </>
      )}
      {ended.length > 0 && (
        <details class="card">
          <summary>{say('keys.ended', { count: ended.length })}</summary>
          <div class="stack">
            {ended.map((key) => (
              <KeyCard key={key.id} shown={key} path={path} mayAct={mayAct && isHere} isInside />
            ))}
          </div>
        </details>
      )}
      {past.value && (
        <div class="stack">
          <h2>{say('keys.past')}</h2>
          <CeremonyTable label={say('keys.past')} ceremonies={ceremonies} path={path} />
        </div>
      )}
      <details class="card">
        <summary>{say('keys.shares')}</summary>
        <div class="stack">
          <p>{say('keys.shares-why')}</p>
          {place && <p>{say('keys.shares-not-token')}</p>}
          <ol class="steps">
            <li>
              {say('keys.shares-split')}
              <pre class="command">
                yizheng keys split-passphrase --passphrase-file pass --custodians 3 --needed 2 --out shares/
              </pre>
            </li>
            <li>{say('keys.shares-hand-out')}</li>
            <li>
              {say('keys.shares-join')}
              <pre class="command">
                yizheng keys join-passphrase --share share-1.txt --share share-3.txt --out /run/yizheng/pass
              </pre>
            </li>
          </ol>
        </div>
      </details>
    </section>
  );
}
