import { Button } from '../../../../ui/parts/index.js';
import { Problem } from '../api/Problem.js';
import { useProviderName } from '../api/service.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { hasPasskeys } from './passkey.js';
import { goToProvider, languageOf } from './provider-return.js';

/** Signs in at the identity provider; nothing where none is set up. */
export function ProviderButton() {
  const { say, tag } = useText();
  const name = useProviderName(tag);
  const go = useAction(() => goToProvider('/session/oidc', { language: languageOf(tag) }));
  if (name === undefined) return null;
  return (
    <div class="card">
      <Button kind={hasPasskeys() ? 'plain' : 'primary'} icon="person" busy={go.busy} onClick={() => go.run()}>
        {say('provider.sign-in', { provider: name })}
      </Button>
      <p class="soft">{say('provider.help', { provider: name })}</p>
      <Problem error={go.error} />
    </div>
  );
}
