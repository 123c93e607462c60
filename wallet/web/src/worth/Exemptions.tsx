import { applicationText } from '../../../../shared/trust/application/application-text.js';
import { certificateKind } from '../../../../shared/certificate/kind.js';
import { findLevel } from '../../../../shared/certificate/level.js';
import type { QualificationPattern } from '../../../../shared/trust/application/application-rule.js';
import { judgingNow } from '../../../../ui/app/clock.js';
import type { HeldCertificate } from '../core/certificates/held-certificate.js';
import { exemptions, standingOf } from '../core/worth/exemptions.js';
import { useText } from '../i18n/index.js';

/** No region has said where it issues which permit, so every region is answered alike; the text sends people to the authority. */
const ANY_REGION = '000000';

/** What holding the certificate spares for others; nothing where no rule speaks of it. */
export function Exemptions({ certificate }: { certificate: HeldCertificate }) {
  const { say, sentences } = useText();
  const { verdict } = certificate;
  const record = verdict?.certificate;
  const found = record ? exemptions(record, standingOf(verdict), { now: judgingNow(), region: ANY_REGION }) : [];
  if (found.length === 0) return null;
  const chinese = sentences === 'zh-CN';
  return (
    <section class="card" aria-labelledby="exempt-title">
      <h2 id="exempt-title">{say('exempt.title')}</h2>
      <p class="soft">{say('exempt.what')}</p>
      <ul class="plain-list">
        {found.map(({ wanted, decision }) => (
          <li key={JSON.stringify(wanted)} data-outcome={decision.outcome}>
            <h3>{nameOf(wanted, chinese)}</h3>
            <p>{applicationText(decision, sentences)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function nameOf({ kind, item, level }: QualificationPattern, chinese: boolean): string {
  const known = certificateKind(kind);
  const rank = level && findLevel(level);
  const parts = [chinese ? known.nameZh : known.nameEn, item, rank && (chinese ? rank.nameZh : rank.nameEn)];
  return parts.filter((part) => part !== undefined).join(' · ');
}
