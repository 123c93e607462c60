import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { isPresent } from '../api/presence.js';
import { Problem } from '../api/Problem.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { useAction } from '../api/use-action.js';
import { useCall } from '../api/use-call.js';
import { useNames } from '../api/use-names.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { CheckField } from '../parts/index.js';
import { CeremonyDone } from './CeremonyDone.js';
import { Consequences } from './Consequences.js';
import { Fingerprint } from './Fingerprint.js';
import { ceremonySchema, keyName, keysSchema, type Ceremony, type HeldKey } from './schemas.js';

/** Until it is over it is asked again so often, milliseconds. */
const ASK_EVERY_MS = 4000;

/** One ceremony, step by step: what was proposed, comparing, the second person, what is to be done then. */
export function CeremonyDetail({ path, id }: { path: string; id: string }) {
  const { say } = useText();
  const session = useStore(sessionState);
  const known = useCall((signal) => call(`${path}/key-ceremonies/${id}`, ceremonySchema, { signal }), [path, id]);
  const ceremony = known.value;
  const held = useCall((signal) => call(`${path}/keys`, keysSchema, { signal }), [path, ceremony?.state]);
  const isWaiting = ceremony?.state === 'proposed' || ceremony?.state === 'confirmed';
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => isPresent() && known.again(), ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [isWaiting]);
  const nameOf = useNames(
    path,
    [ceremony?.proposedBy, ceremony?.confirmedBy, ceremony?.cancelledBy].filter((one) => one !== undefined),
  );
  if (!ceremony)
    return known.error === undefined ? <p class="soft">{say('app.loading')}</p> : <Problem error={known.error} />;
  const key = held.value?.keys.find((one) => one.id === ceremony.keyId);
  const { kind, state } = ceremony;
  const mayAct = rolesNow(session).includes('custodian');
  const isOwn = session.signedIn?.account.id === ceremony.proposedBy;
  return (
    <section class="stack">
      <p>
        <a href={routeHref('keys')}>{say('keys.back')}</a>
      </p>
      <h1>
        {say(`keys.kind.${kind}`)}
        {ceremony.keyId !== undefined && ` · ${keyName(ceremony.keyId)}`}
      </h1>
      <Problem error={known.error ?? held.error} />
      <Notice kind={state === 'done' ? 'good' : state === 'proposed' || state === 'confirmed' ? 'info' : 'care'} live>
        {say(`keys.ceremony.${state}.help`)}
      </Notice>
      <ol class="steps ceremony-steps">
        <li>
          <h2>{say('keys.ceremony-proposed')}</h2>
          <p>{say(`keys.explain.${kind}`)}</p>
          <dl class="facts">
            <div>
              <dt>{say('keys.proposed-by')}</dt>
              <dd>
                {nameOf(ceremony.proposedBy)} · {timeText(ceremony.proposedAt)}
              </dd>
            </div>
            <div>
              <dt>{say('keys.reason')}</dt>
              <dd>{ceremony.reason}</dd>
            </div>
            {ceremony.compromisedSince !== undefined && (
              <div>
                <dt>{say('keys.lost-since')}</dt>
                <dd>{timeText(ceremony.compromisedSince)}</dd>
              </div>
            )}
            {state === 'proposed' && (
              <div>
                <dt>{say('keys.expires')}</dt>
                <dd>{timeText(ceremony.expiresAt)}</dd>
              </div>
            )}
          </dl>
          {kind === 'compromise' && state === 'proposed' && ceremony.compromisedSince !== undefined && key && (
            <Consequences path={path} name={keyName(key.id)} since={ceremony.compromisedSince} />
          )}
        </li>
        <li>
          <h2>{say('keys.ceremony-compare')}</h2>
          {key ? (
            <>
              <p>{say('keys.compare-help')}</p>
              <Fingerprint value={key.fingerprint} />
            </>
          ) : (
            <p>{say('keys.compare-later')}</p>
          )}
        </li>
        <li>
          <h2>{say('keys.ceremony-confirm')}</h2>
          {ceremony.confirmedBy !== undefined && (
            <p>
              {nameOf(ceremony.confirmedBy)} · {timeText(ceremony.confirmedAt)}
            </p>
          )}
          <Confirm ceremony={ceremony} shown={key} path={path} mayAct={mayAct} isOwn={isOwn} onChanged={known.again} />
        </li>
        <li>
          <h2>{say('keys.ceremony-after')}</h2>
          {state === 'done' ? <CeremonyDone ceremony={ceremony} path={path} /> : <p>{say(`keys.after.${kind}`)}</p>}
        </li>
      </ol>
    </section>
  );
}

function Confirm({
  ceremony,
  shown,
  path,
  mayAct,
  isOwn,
  onChanged,
}: {
  ceremony: Ceremony;
  shown: HeldKey | undefined;
  path: string;
  mayAct: boolean;
  isOwn: boolean;
  onChanged: () => void;
}) {
  const { say } = useText();
  const [isCompared, setCompared] = useState(false);
  const own = `${path}/key-ceremonies/${ceremony.id}`;
  const act = useAction(async (what: 'confirm' | 'cancel') => {
    const body = what === 'confirm' ? { ...(shown && { fingerprint: shown.fingerprint }) } : undefined;
    await call(`${own}/${what}`, ceremonySchema, { method: 'POST', ...(body !== undefined && { body }) });
    onChanged();
  });
  const { state, kind } = ceremony;
  const needsKey = kind !== 'prepare';
  if (state === 'confirmed')
    return (
      <>
        <Problem error={act.error} />
        {mayAct && (
          <div class="actions">
            <Button kind="primary" busy={act.busy} onClick={() => act.run('confirm')}>
              {say('keys.go-on')}
            </Button>
          </div>
        )}
      </>
    );
  if (state !== 'proposed') return null;
  return (
    <div class="stack">
      {isOwn && <Notice kind="info">{say('keys.own')}</Notice>}
      {!mayAct && <p>{say('keys.second-needed')}</p>}
      {mayAct && !isOwn && (
        <CheckField
          label={say(needsKey ? 'keys.compared' : 'keys.agreed')}
          checked={isCompared}
          onChange={setCompared}
        />
      )}
      <Problem error={act.error} />
      {mayAct && (
        <div class="actions">
          {!isOwn && (
            <Button
              kind={kind === 'compromise' || kind === 'retire' ? 'danger' : 'primary'}
              busy={act.busy}
              disabled={!isCompared || (needsKey && !shown)}
              onClick={() => act.run('confirm')}
            >
              {say(`keys.confirm.${kind}`)}
            </Button>
          )}
          <Button busy={act.busy} onClick={() => act.run('cancel')}>
            {say(isOwn ? 'keys.cancel' : 'keys.refuse')}
          </Button>
        </div>
      )}
    </div>
  );
}
