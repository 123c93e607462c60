import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { signedInSchema } from '../api/schemas.js';
import { useProviderName } from '../api/service.js';
import { takeSession } from '../api/session.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';

/** Signing in at the identity provider leaves the page; where what is typed must stay, that happens in another window. */
export function ProviderElsewhere() {
  const { say, tag } = useText();
  const provider = useProviderName(tag);
  const goOn = useAction(async () => takeSession(await call('/session', signedInSchema)));
  if (provider === undefined) return null;
  return (
    <div class="card">
      <p>{say('provider.again', { provider })}</p>
      <div class="actions">
        <a class="button button-plain" href="./" target="_blank" rel="noopener">
          {say('provider.again-open')}
        </a>
        <Button busy={goOn.busy} onClick={() => goOn.run()}>
          {say('provider.again-done')}
        </Button>
      </div>
      <Problem error={goOn.error} />
    </div>
  );
}
