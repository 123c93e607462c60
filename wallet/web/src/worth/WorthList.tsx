import { translator } from '../../../../shared/verdict/translator.js';
import { isNameless, namelessText } from '../../../../ui/i18n/nameless.js';
import { Icon, type IconName } from '../../../../ui/parts/index.js';
import type { WorthRow } from '../engine/wallet-engine.js';
import { useText } from '../i18n/index.js';

const LOOK: Record<WorthRow['decision']['outcome'], { mark: string; icon: IconName }> = {
  recognised: { mark: 'good', icon: 'pass' },
  'recognised-with-conditions': { mark: 'care', icon: 'conditions' },
  'not-recognised': { mark: 'bad', icon: 'fail' },
  undetermined: { mark: 'open', icon: 'unknown' },
};

/** One line for each authority: whether it counts there, as what, and what is still to be done. */
export function WorthList({ rows }: { rows: readonly WorthRow[] }) {
  const { say, sentences } = useText();
  const words = translator(sentences);
  return (
    <ul class="cards">
      {rows.map(({ authority, name, decision, headline }) => {
        const { mark, icon } = LOOK[decision.outcome];
        const counts = decision.outcome.startsWith('recognised');
        return (
          <li key={authority} class="card worth" data-authority={authority} data-outcome={decision.outcome}>
            <h3>
              <bdi>{isNameless(name) ? namelessText(name, say) : name}</bdi>
            </h3>
            <p class="standing-line">
              <span class={`standing standing-${mark}`}>
                <Icon name={icon} />
                {say(`worth.${decision.outcome}`)}
              </span>
            </p>
            <p>{namelessText(headline, say)}</p>
            {counts && decision.treatment.length > 0 && (
              <p>{decision.treatment.map((treatment) => words(`treatment.${treatment}`)).join(say('list.and'))}</p>
            )}
            {counts && decision.obligations.length > 0 && (
              <p>
                <strong>{say('worth.still')}</strong>{' '}
                {decision.obligations.map((duty) => words(`obligation.${duty}`)).join(say('list.and'))}
              </p>
            )}
          </li>
        );
      })}
    </ul>
  );
}
