import { judgingNow } from '../../../../ui/app/clock.js';
import type { HeldCertificate } from '../core/certificates/held-certificate.js';
import { nextLevel } from '../../../../shared/trust/application/next-levels.js';
import { useText } from '../i18n/index.js';

/** What can be applied for next, by each edition of the rules; nothing for a certificate off the ladder. */
export function NextLevelCard({ certificate }: { certificate: HeldCertificate }) {
  const { say, sentences } = useText();
  const record = certificate.verdict?.certificate;
  const next = record && nextLevel(record, judgingNow());
  if (!next) return null;
  const chinese = sentences === 'zh-CN';
  return (
    <section class="card" aria-labelledby="next-title" data-next={next.level.value}>
      <h2 id="next-title">{say('next.title', { level: chinese ? next.nameZh : `${next.nameEn} · ${next.nameZh}` })}</h2>
      <p class="soft">{say('next.what')}</p>
      {next.editions.map(({ edition, editionZh, editionEn, conditions, confidence }) => (
        <div key={edition} class="stack">
          <h3>
            {chinese ? editionZh : editionEn}
            {confidence === 'A' ? '' : ` ${say('next.unconfirmed')}`}
          </h3>
          <ul class="steps">
            {conditions.map((condition) => (
              <li key={condition.en} data-met={condition.met}>
                {chinese ? condition.zh : condition.en}
                {condition.earliest !== undefined && (
                  <strong>
                    {' '}
                    {say(condition.met === 'fail' ? 'next.not-before' : 'next.since', { date: condition.earliest })}
                  </strong>
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
      <p class="soft">{say('next.ask')}</p>
    </section>
  );
}
