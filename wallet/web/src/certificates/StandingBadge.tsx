import { verdictText } from '../../../../shared/verdict/verdict-text.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { Icon, type IconName } from '../../../../ui/parts/index.js';
import type { HeldCertificate } from '../core/certificates/held-certificate.js';
import { useText } from '../i18n/index.js';
import { standingOf, type Standing } from './certificate-facts.js';

const ICONS: Record<Standing, IconName> = { good: 'pass', care: 'warning', bad: 'fail', open: 'unknown' };

/** Whether a certificate is in force, in a word, and as of when that is known; why, where it is not. */
export function StandingBadge({ certificate, why = false }: { certificate: HeldCertificate; why?: boolean }) {
  const { say, sentences } = useText();
  const { standing, asOf } = standingOf(certificate);
  const { verdict } = certificate;
  const questions = verdict ? verdictText(verdict, sentences).questions : [];
  const reason = questions.find(
    ({ question }) => ['authentic', 'current'].includes(question) && verdict?.questions[question].answer !== 'pass',
  );
  return (
    <p class="standing-line" data-standing={standing}>
      <span class={`standing standing-${standing}`}>
        <Icon name={ICONS[standing]} />
        {say(`standing.${verdict ? standing : 'unjudged'}`)}
      </span>
      {asOf !== null && <span class="soft">{say('standing.as-of', { time: timeText(asOf) })}</span>}
      {why && reason && <span class="standing-why">{reason.sentence}</span>}
    </p>
  );
}
