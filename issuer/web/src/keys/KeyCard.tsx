import type { ComponentChildren } from 'preact';
import { timeText } from '../../../../ui/i18n/format.js';
import { Notice } from '../../../../ui/parts/index.js';
import { routeHref } from '../app/routes.js';
import { useText, type Text } from '../i18n/index.js';
import { Fingerprint } from './Fingerprint.js';
import { compromiseRoute } from './KeysView.js';
import { ProposeForm } from './ProposeForm.js';
import { keyName, type HeldKey } from './schemas.js';

/** Whether an ended key is still on its token, for want of the token when it was to be destroyed. */
function isLeft({ token, state }: HeldKey): boolean {
  return token !== undefined && !token.isDestroyed && state !== 'active' && state !== 'next';
}

/** Where a private key is, or whether it is gone. */
function placeText(key: HeldKey, say: Text['say']): string {
  if (!key.token) return say('keys.place-file');
  const { label, serial, isDestroyed } = key.token;
  const fate = isDestroyed ? 'keys.place-destroyed' : isLeft(key) ? 'keys.place-left' : 'keys.place-no-copy';
  return `${say('keys.place-token', { label, serial })} · ${say(fate)}`;
}

/** One key: what it is, what it signed, what the authority knows, what is to be done. */
export function KeyCard({
  shown,
  path,
  mayAct,
  isInside = false,
}: {
  shown: HeldKey;
  path: string;
  mayAct: boolean;
  /** Stands inside another card. */
  isInside?: boolean;
}) {
  const { say } = useText();
  const { state, signed, authority, toDo } = shown;
  const name = keyName(shown.id);
  const facts: [string, ComponentChildren][] = [
    [say('keys.algorithm'), `${shown.algorithm} · ${say('keys.purpose')}`],
    [say('keys.place'), placeText(shown, say)],
    [say('keys.created'), timeText(shown.createdAt)],
    [
      say('keys.signs'),
      state === 'next'
        ? say('keys.signs-not-yet')
        : `${timeText(shown.validFrom)} → ${shown.validUntil === undefined ? say('keys.until-now') : timeText(shown.validUntil)}`,
    ],
    [
      say('keys.signed'),
      signed.certificates === 0
        ? say('keys.signed-none')
        : say('keys.signed-count', {
            count: signed.certificates.toLocaleString(),
            first: timeText(signed.first),
            last: timeText(signed.last),
          }),
    ],
    [
      say('keys.authority'),
      `${say(`keys.authority.${authority.state}`)}${authority.since === undefined ? '' : ` · ${say('keys.authority-since', { time: timeText(authority.since) })}`}`,
    ],
    ...(shown.compromisedSince === undefined
      ? []
      : ([[say('keys.lost-since'), timeText(shown.compromisedSince)]] as [string, ComponentChildren][])),
  ];
  return (
    <article class={isInside ? 'stack key-inside' : 'card stack'} aria-label={name}>
      <h2>
        {name} <span class={`key-state key-state-${state}`}>{say(`keys.state.${state}`)}</span>
      </h2>
      {toDo !== 'none' && <Notice kind={toDo === 'activate' ? 'good' : 'care'}>{say(`keys.todo.${toDo}`)}</Notice>}
      {isLeft(shown) && (
        <Notice kind="care">
          {say('keys.place-left-help')}
          {shown.token?.problem !== undefined && ` (${shown.token.problem})`}
        </Notice>
      )}
      <dl class="facts">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div>
        <p class="soft">{say('keys.fingerprint')}</p>
        <Fingerprint value={shown.fingerprint} />
      </div>
      <details>
        <summary>{say('keys.public-key')}</summary>
        <p class="mono wrap-anywhere">{shown.id}</p>
        <p class="mono wrap-anywhere">{shown.publicKeyMultibase}</p>
      </details>
      {mayAct && state === 'next' && toDo === 'activate' && (
        <ProposeForm path={path} kind="activate" name={name} isMain />
      )}
      {mayAct && (state === 'next' || state === 'active') && <ProposeForm path={path} kind="retire" name={name} />}
      {state !== 'compromised' && (
        <p>
          <a href={routeHref('keys', compromiseRoute(name))}>{say('keys.compromise-link')}</a>
        </p>
      )}
    </article>
  );
}
