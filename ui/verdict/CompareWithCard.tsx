import type { Verdict } from '../../shared/verdict/types.js';
import { translator } from '../../shared/verdict/translator.js';
import { useText } from '../i18n/index.js';
import { Icon } from '../parts/index.js';

/** What to compare with the identity card; nothing for what was not read as a certificate. */
export function CompareWithCard({ verdict }: { verdict: Verdict }) {
  const { say, sentences } = useText();
  const { certificate, headline } = verdict;
  if (!certificate || headline === 'refused') return null;
  // Of a selectively shown certificate there may be nothing to compare.
  if (certificate.holder.name === undefined && certificate.holder.identityDocumentLastFour === undefined) return null;
  const { name, identityDocumentType, identityDocumentLastFour: lastFour } = certificate.holder;
  const document = translator(sentences)(`document.${identityDocumentType}`);
  return (
    <div class="verdict-compare">
      <Icon name="person" large />
      <div>
        <p>{say('result.compare')}</p>
        <p>
          {name !== undefined && (
            <strong>
              <bdi>{name}</bdi>
            </strong>
          )}
          {name !== undefined && lastFour !== undefined && ' · '}
          {lastFour !== undefined && say('result.compare-last-four', { document, lastFour })}
        </p>
      </div>
    </div>
  );
}
