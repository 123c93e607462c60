import { useEffect, useState } from 'preact/hooks';
import { timeText } from '../../../../ui/i18n/format.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { nothing } from '../api/schemas.js';
import { useProviderName } from '../api/service.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import {
  finishLink,
  forgetReturn,
  goToProvider,
  languageOf,
  returnedFromProvider,
} from '../sign-in/provider-return.js';
import type { OwnLinks } from './own-links.js';

/** Links one's own account to the identity provider, or ends the link; nothing where no provider is set up and nothing is linked. */
export function LinkedIdentity({ links, onChange }: { links: OwnLinks | undefined; onChange: () => void }) {
  const { say, tag } = useText();
  const provider = useProviderName(tag);
  const [done, setDone] = useState(false);
  const finish = useAction(async () => {
    const returned = returnedFromProvider();
    if (returned?.purpose !== 'link') return;
    forgetReturn();
    await finishLink(returned);
    setDone(true);
    onChange();
  });
  useEffect(() => finish.run(), []);
  const link = useAction(() => goToProvider('/account/identity', { language: languageOf(tag) }));
  const unlink = useAction(async () => {
    await call('/account/identity', nothing, { method: 'DELETE' });
    setDone(false);
    onChange();
  });
  const known = links?.identities ?? [];
  if (provider === undefined && known.length === 0) return null;
  const name = provider ?? known[0]?.issuer ?? '';
  return (
    <div class="card">
      <h2>{say('provider.card', { provider: name })}</h2>
      <p class="soft">{say('provider.card-help', { provider: name })}</p>
      <ul class="plain-list">
        {known.map(({ issuer, createdAt, usedAt }) => (
          <li key={issuer}>
            <span>
              {name}
              <span class="soft">
                {' '}
                · {say('provider.linked', { since: timeText(createdAt), used: timeText(usedAt) })}
              </span>
            </span>
            <Button kind="danger" icon="delete" busy={unlink.busy} onClick={() => unlink.run()}>
              {say('provider.unlink')}
            </Button>
          </li>
        ))}
      </ul>
      {done && (
        <Notice kind="good" live>
          {say('provider.linked-now')}
        </Notice>
      )}
      <Problem error={finish.error ?? link.error ?? unlink.error} />
      {known.length === 0 && links && (
        <Button icon="link" busy={link.busy || finish.busy} onClick={() => link.run()}>
          {say('provider.link', { provider: name })}
        </Button>
      )}
    </div>
  );
}
