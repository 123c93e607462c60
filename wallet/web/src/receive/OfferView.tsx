import { useState } from 'preact/hooks';
import { errorCode } from '../../../../shared/errors.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Field, Notice } from '../../../../ui/parts/index.js';
import { wallet } from '../app/wallet.js';
import { obtain, type Received } from '../core/receive/obtain.js';
import type { Offer } from '../core/receive/read-offer.js';
import { useText } from '../i18n/index.js';

/** Codes after which the same offer may be tried again with another transaction code. */
const TRY_AGAIN = ['TX_CODE_WRONG', 'TX_CODE_REQUIRED', 'HOST_UNREACHABLE', 'TOO_MANY_TRIES'];

/** An offer before it is taken up: what, from whom, and the code from the slip or message. */
export function OfferView({
  offer,
  onReceived,
  onCancel,
}: {
  offer: Offer;
  onReceived: (received: Received) => void;
  onCancel: () => void;
}) {
  const { say, sentences } = useText();
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const { txCode } = offer;
  const named = ({ zh, en }: { zh?: string; en?: string }): string | undefined =>
    sentences === 'zh-CN' ? (zh ?? en) : (en ?? zh);
  const names = [...new Set(offer.forms.flatMap(({ names: of }) => named(of) ?? []))];
  const over = problem !== undefined && !TRY_AGAIN.includes(errorCode(problem));
  const get = async (): Promise<void> => {
    const { vault, platform } = wallet();
    setBusy(true);
    setProblem(undefined);
    try {
      onReceived(await obtain(offer, txCode ? { txCode: code.trim() } : {}, vault, platform));
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  const wrong = problem !== undefined && errorCode(problem) === 'TX_CODE_WRONG';
  return (
    <section class="card" data-offer={offer.issuer}>
      <dl class="rows rows-strong">
        <dt>{say('offer.what')}</dt>
        <dd>
          <bdi>{names.length > 0 ? names.join(say('list.and')) : say('certificate.unnamed')}</bdi>
        </dd>
        <dt>{say('offer.from')}</dt>
        <dd>
          <bdi>{named(offer.issuerNames) ?? say('offer.nameless')}</bdi>
        </dd>
        <dt>{say('offer.host')}</dt>
        <dd>
          <bdi>{offer.host}</bdi>
        </dd>
      </dl>
      <p class="soft">{say('offer.unproven')}</p>
      <form
        class="stack"
        aria-busy={busy}
        onSubmit={(event) => {
          event.preventDefault();
          void get();
        }}
      >
        {txCode && !over && (
          <Field
            label={say('offer.code')}
            help={txCode.description ?? say('offer.code-help')}
            error={wrong ? problemText(problem, say) : undefined}
          >
            {(control) => (
              <input
                {...control}
                type="text"
                class="code-input"
                inputMode={txCode.inputMode === 'numeric' ? 'numeric' : 'text'}
                autocomplete="one-time-code"
                maxLength={txCode.length ?? 40}
                required
                value={code}
                onInput={(event) => setCode(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
        {problem !== undefined && !wrong && (
          <Notice kind="bad" live>
            {problemText(problem, say)}
          </Notice>
        )}
        <div class="actions">
          {!over && (
            <Button kind="primary" type="submit" icon="download" busy={busy}>
              {say(busy ? 'offer.getting' : 'offer.get')}
            </Button>
          )}
          <Button onClick={onCancel}>{say(over ? 'app.back' : 'offer.cancel')}</Button>
        </div>
      </form>
    </section>
  );
}
