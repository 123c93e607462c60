import type { SupervisionSettings } from '../../../../shared/supervision/rules.js';
import { useStore } from '../../../../ui/app/store.js';
import { hostRoles, sessionState } from '../api/session-state.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';

/** Which rules are applied, with what thresholds, and where each comes from. */
export function RulesShown({ settings }: { settings: SupervisionSettings }) {
  const { say } = useText();
  const maySet = hostRoles(useStore(sessionState)).includes('admin');
  const { quota, seats, history, passRate, topLevelShare, outsideRegionShare, dayPeak } = settings;
  const share = (rule: { most: number; atLeast: number } | null): string =>
    rule ? say('rules.share', rule) : say('rules.off');
  return (
    <details class="card">
      <summary>{say('rules.title')}</summary>
      <dl class="facts">
        <dt>{say('rules.quota')}</dt>
        <dd>{say(quota ? 'rules.quota.on' : 'rules.off')}</dd>
        <dt>{say('rules.seats')}</dt>
        <dd>{say(seats ? 'rules.seats.on' : 'rules.off')}</dd>
        <dt>{say('rules.history')}</dt>
        <dd>{history ? say('rules.history.on', history) : say('rules.off')}</dd>
        <dt>{say('rules.pass-rate')}</dt>
        <dd>{share(passRate)}</dd>
        <dt>{say('rules.top-level-share')}</dt>
        <dd>{share(topLevelShare)}</dd>
        <dt>{say('rules.outside-region-share')}</dt>
        <dd>{share(outsideRegionShare)}</dd>
        <dt>{say('rules.day-peak')}</dt>
        <dd>{dayPeak ? say('rules.day-peak.on', dayPeak) : say('rules.off')}</dd>
      </dl>
      <p class="soft">{say('rules.who')}</p>
      {maySet && <a href={routeHref('supervision', 'rules')}>{say('rules.change')}</a>}
    </details>
  );
}
