import { useState } from 'preact/hooks';
import type { z } from 'zod';
import { timeText } from '../../../../ui/i18n/format.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { QrPicture } from '../../../../ui/parts/QrPicture.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { offerSchema } from './schemas.js';

/** A slip for the holder's wallet: code to scan, transaction code to type, unless a second person tells it. Shown once, to be printed. */
export function OfferSlip({ path, holder, onMade }: { path: string; holder: string; onMade: () => void }) {
  const { say } = useText();
  const [offer, setOffer] = useState<z.infer<typeof offerSchema>>();
  const make = useAction(async () => {
    setOffer(await call(`${path}/offers`, offerSchema, { method: 'POST', body: {} }));
    onMade();
  });
  const link = offer?.walletLink ?? offer?.uri ?? '';
  return (
    <div class="card">
      <h2>{say('offer.title')}</h2>
      {offer ? (
        <div class="stack offer-slip">
          <p>
            <strong>{holder}</strong>
          </p>
          <p>{say('offer.scan')}</p>
          <QrPicture segments={[{ mode: 'byte', data: link }]} label={say('offer.picture')} text={link} />
          {offer.txCode !== undefined && (
            <p>
              {say('offer.code')} <strong class="mono offer-code">{offer.txCode}</strong>
            </p>
          )}
          {offer.codeWithheld && (
            <>
              <div class="no-print">
                <Notice kind="care">{say('offer.withheld')}</Notice>
              </div>
              <p class="print-only">{say('offer.code-line')}</p>
            </>
          )}
          <p class="soft">{say('offer.until', { time: timeText(offer.expiresAt) })}</p>
          <div class="actions">
            <Button icon="print" onClick={() => window.print()}>
              {say('totp.print')}
            </Button>
          </div>
        </div>
      ) : (
        <>
          <p>{say('offer.help')}</p>
          <Problem error={make.error} />
          <div class="actions">
            <Button busy={make.busy} onClick={() => make.run()}>
              {say('offer.make')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
