import { useEffect, useRef, useState } from 'preact/hooks';
import { digestText } from '../i18n/format.js';
import { useText } from '../i18n/index.js';
import { problemText } from '../i18n/problem-text.js';
import type { Offer } from '../trust/offers.js';
import { askToPersist, importTrust } from '../trust/trust-state.js';
import { Button, Field, Notice } from '../parts/index.js';

/** Shows the root that would be believed from now on, to be compared with what the authority announces; nothing is believed before. */
export function ConfirmRoot({ offer, onBack, onDone }: { offer: Offer; onBack: () => void; onDone?: () => void }) {
  const { say } = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  const [announced, setAnnounced] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  useEffect(() => heading.current?.focus(), []);

  const given = announced.replace(/\s/g, '');
  const match = [offer.rootDigest, ...offer.otherDigests].find((digest) => digest === given);
  const differs = given !== '' && match === undefined;
  const accept = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await importTrust(await offer.bundle(), offer.anchor, { digestMultibase: match ?? offer.rootDigest });
      void askToPersist();
      onDone?.();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  return (
    <section class="card" aria-labelledby="confirm-title">
      <h2 id="confirm-title" ref={heading} tabIndex={-1}>
        {say('choose.confirm-title')}
      </h2>
      <p>{say('choose.confirm', { name: offer.name })}</p>
      <dl class="rows">
        <dt>{say('choose.did')}</dt>
        <dd>
          <bdi class="mono">{offer.anchor}</bdi>
        </dd>
      </dl>
      <p>{say('choose.digest')}</p>
      <code class="digest" data-digest={offer.rootDigest}>
        {digestText(offer.rootDigest)}
      </code>
      <Field
        label={say('choose.announced')}
        error={differs ? say('choose.mismatch') : undefined}
        help={match === undefined ? undefined : say('choose.match')}
      >
        {(control) => (
          <input
            {...control}
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={announced}
            onInput={(event) => setAnnounced(event.currentTarget.value)}
          />
        )}
      </Field>
      {problem !== undefined && (
        <Notice kind="bad" live>
          {problemText(problem, say)}
        </Notice>
      )}
      <div class="actions">
        <Button kind="primary" icon="pass" disabled={differs} busy={busy} onClick={() => void accept()}>
          {say(busy ? 'choose.accepting' : 'choose.accept')}
        </Button>
        <Button icon="back" disabled={busy} onClick={onBack}>
          {say('app.back')}
        </Button>
      </div>
    </section>
  );
}
