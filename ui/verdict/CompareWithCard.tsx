import type { Verdict } from '../../shared/verdict/types.js';
import { translator } from '../../shared/verdict/translator.js';
import { useText } from '../i18n/index.js';
import { Icon } from '../parts/index.js';

/** What to compare with the identity card; nothing for what was not read as a certificate. */
export function CompareWithCard({ verdict }: { verdict: Verdict }) {
  const { say, sentences } = useText();
  const { certificate, headline } = verdict;
  if (!certificate || headline === 'refused') return null;
  const { name, identityDocumentType, identityDocumentLastFour: lastFour } = certificate.holder;
  const document = translator(sentences)(`document.${identityDocumentType}`);
  return (
    <div class="verdict-compare">
      <Icon name="person" large />
      <div>
        <p>{say('result.compare')}</p>
        <p>
          <strong>
            <bdi>{name}</bdi>
          </strong>
          {' · '}
          {say('result.compare-last-four', { document, lastFour })}
        </p>
      </div>
    </div>
  );
}
