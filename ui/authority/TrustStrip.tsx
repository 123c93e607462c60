import { useState } from 'preact/hooks';
import { useStore } from '../app/store.js';
import { timeText } from '../i18n/format.js';
import { useText } from '../i18n/index.js';
import { namelessText } from '../i18n/nameless.js';
import { problemText } from '../i18n/problem-text.js';
import { feedsAddress } from '../trust/offers.js';
import { trustState, updateHeldTrust } from '../trust/trust-state.js';
import { Button, Notice } from '../parts/index.js';

/**
 * By whose rules, how old the data is, until when it is good, and one tap to update it. Nothing before an authority is chosen.
 * It leads to the view `settings`, which every app has.
 */
export function TrustStrip() {
  const { say } = useText();
  const trust = useStore(trustState);
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<{ kind: 'good' | 'care'; text: string }>();
  if (trust.phase !== 'ready') return null;
  const { summary, kept, findings } = trust;
  const update = async (): Promise<void> => {
    setBusy(true);
    setTold(undefined);
    try {
      await updateHeldTrust(feedsAddress());
      const after = trustState.get();
      const time = after.phase === 'ready' ? after.summary.dataAsOf : null;
      const word = time === summary.dataAsOf ? 'trust.unchanged' : 'trust.updated';
      setTold({ kind: 'good', text: say(word, { time: timeText(time) }) });
    } catch (error) {
      setTold({ kind: 'care', text: problemText(error, say) });
    } finally {
      setBusy(false);
    }
  };
  const stale = summary.freshness === 'stale';
  return (
    <section class="stack no-print">
      <div class={stale ? 'trust-strip trust-strip-stale' : 'trust-strip'}>
        <div class="trust-strip-text">
          <p>
            <span class="soft">{say('trust.by')}</span>
            <br />
            <strong>
              <bdi>{namelessText(summary.name, say)}</bdi>
            </strong>{' '}
            <a href="#/settings">{say('trust.change')}</a>
          </p>
          <p class="soft" data-as-of={summary.dataAsOf}>
            {say('trust.as-of', { time: timeText(summary.dataAsOf) })}
            {' · '}
            {say('trust.good-until', { time: timeText(summary.goodUntil) })}
          </p>
        </div>
        {!__SINGLE_FILE__ && (
          <Button icon="update" busy={busy} onClick={() => void update()}>
            {say(busy ? 'trust.updating' : 'trust.update')}
          </Button>
        )}
      </div>
      {summary.freshness !== 'fresh' && (
        <Notice kind={stale ? 'bad' : 'care'}>
          {say(stale ? 'trust.stale' : 'trust.grace')} {__SINGLE_FILE__ && say('trust.update-single')}
        </Notice>
      )}
      {!kept && <Notice kind="care">{say('trust.not-kept')}</Notice>}
      {told && (
        <Notice kind={told.kind} live>
          {told.text}
        </Notice>
      )}
      {refusedOf(findings).length > 0 && (
        <Notice kind="care">
          {say('trust.findings')} {refusedOf(findings).join(' · ')}
        </Notice>
      )}
    </section>
  );
}

/** Findings about feeds that were not taken; a delta that was no good was replaced by the whole part. */
function refusedOf(findings: readonly { code: string; authority?: string }[]): string[] {
  return findings
    .filter(({ code }) => code.startsWith('FEED_') && !code.startsWith('FEED_DELTA_') && code !== 'FEED_NOT_FRESH')
    .map(({ code, authority }) => `${authority ?? ''} ${code}`.trim());
}
