import { useState } from 'preact/hooks';
import { exportBundle } from '../../shared/trust/export-bundle.js';
import { saveFile } from '../app/save-file.js';
import { digestText, timeText } from '../i18n/format.js';
import { useText } from '../i18n/index.js';
import { namelessText } from '../i18n/nameless.js';
import { problemText } from '../i18n/problem-text.js';
import { fileOffers } from '../trust/offers.js';
import { forgetTrust, heldTrust, importTrust, trustState, type TrustState } from '../trust/trust-state.js';
import { Button, FileButton, Notice } from '../parts/index.js';

/** The data held: which authorities, import of a newer bundle, export, another authority, forgetting. */
export function BundleSection({
  trust,
  onChooseOther,
}: {
  trust: Extract<TrustState, { phase: 'ready' }>;
  onChooseOther: () => void;
}) {
  const { say } = useText();
  const [told, setTold] = useState<{ kind: 'good' | 'bad' | 'care'; text: string }>();
  const [sure, setSure] = useState(false);
  const { summary, pin } = trust;
  const importFile = async ([file]: File[]): Promise<void> => {
    if (!file) return;
    setTold(undefined);
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (!(await fileOffers(bytes)).some(({ anchor }) => anchor === summary.anchor)) {
        setTold({ kind: 'care', text: say('settings.other-anchor', { name: namelessText(summary.name, say) }) });
        return;
      }
      await importTrust(bytes, summary.anchor, pin);
      const after = trustState.get();
      const time = timeText(after.phase === 'ready' ? after.summary.dataAsOf : null);
      setTold({ kind: 'good', text: say('settings.imported', { time }) });
    } catch (error) {
      setTold({ kind: 'bad', text: problemText(error, say) });
    }
  };
  return (
    <section class="card" aria-labelledby="bundle-title">
      <h2 id="bundle-title">{say('settings.authority')}</h2>
      <dl class="rows">
        <dt>{say('choose.digest')}</dt>
        <dd class="mono">{digestText(pin.digestMultibase)}</dd>
        <dt>{say('settings.feeds')}</dt>
        <dd>
          {summary.feeds.map(({ authority, name, sequence }) => (
            <div key={authority}>
              <bdi>{namelessText(name, say)}</bdi> <span class="soft">{say('settings.sequence', { sequence })}</span>
            </div>
          ))}
        </dd>
      </dl>
      {told && (
        <Notice kind={told.kind} live>
          {told.text}
        </Notice>
      )}
      <div class="actions">
        <FileButton
          icon="upload"
          accept="application/json,.json"
          label={say('settings.import')}
          onFiles={(files) => void importFile(files)}
        />
        <Button icon="download" onClick={saveBundle}>
          {say('settings.export')}
        </Button>
      </div>
      <p class="soft">{say('settings.export-help')}</p>
      <div class="actions">
        <Button onClick={onChooseOther}>{say('settings.choose-other')}</Button>
      </div>
      <div class="actions actions-apart">
        <Button kind="danger" icon="delete" onClick={() => setSure(true)}>
          {say('settings.forget')}
        </Button>
      </div>
      {sure && (
        <Notice
          kind="bad"
          live
          actions={
            <>
              <Button kind="danger" onClick={() => void forgetTrust()}>
                {say('settings.forget')}
              </Button>
              <Button onClick={() => setSure(false)}>{say('app.back')}</Button>
            </>
          }
        >
          {say('settings.forget-sure')}
        </Notice>
      )}
    </section>
  );
}

function saveBundle(): void {
  const held = heldTrust();
  if (!held) return;
  saveFile(`yizheng-bundle-${held.state.seenTime.slice(0, 10)}.json`, exportBundle(held.state), 'application/json');
}
