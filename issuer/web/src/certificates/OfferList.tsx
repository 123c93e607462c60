import { useState } from 'preact/hooks';
import { z } from 'zod';
import { useStore } from '../../../../ui/app/store.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { useAction } from '../api/use-action.js';
import type { Asked } from '../api/use-call.js';
import { useNames } from '../api/use-names.js';
import { useText } from '../i18n/index.js';

const shownSchema = z.object({
  id: z.string(),
  state: z.enum(['open', 'used', 'locked', 'withdrawn', 'expired']),
  createdAt: z.string(),
  expiresAt: z.string(),
  madeBy: z.string(),
  code: z.enum(['withheld', 'told']).optional(),
});
type Shown = z.infer<typeof shownSchema>;
/** Slips made for a certificate, newest first. */
export const offersSchema = z.object({ offers: z.array(shownSchema) });
const codeSchema = z.object({ txCode: z.string() });

/** Slips made for a certificate: a second person tells the code of one, and any can be withdrawn. `institution`: its path. */
export function OfferList({
  institution,
  offers,
}: {
  institution: string;
  offers: Asked<z.infer<typeof offersSchema>>;
}) {
  const { say } = useText();
  const session = useStore(sessionState);
  const mayAct = rolesNow(session).some((role) => role === 'clerk' || role === 'approver' || role === 'officer');
  const shown = offers.value?.offers ?? [];
  const nameOf = useNames(
    institution,
    shown.map(({ madeBy }) => madeBy),
  );
  return (
    <div class="card">
      <h2>{say('offer.list')}</h2>
      <Problem error={offers.error} />
      {offers.value && shown.length === 0 && <p class="soft">{say('offer.none')}</p>}
      {shown.length > 0 && (
        <div class="table-scroll" tabIndex={0} role="region" aria-label={say('offer.list')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say('offer.made')}</th>
                <th scope="col">{say('offer.until-column')}</th>
                <th scope="col">{say('offer.state')}</th>
                {mayAct && <th scope="col">{say('offer.act')}</th>}
              </tr>
            </thead>
            <tbody>
              {shown.map((offer) => (
                <OfferRow
                  key={offer.id}
                  offer={offer}
                  path={`${institution}/offers/${offer.id}`}
                  madeBy={nameOf(offer.madeBy)}
                  isOwn={offer.madeBy === session.signedIn?.account.id}
                  mayAct={mayAct}
                  onChanged={offers.again}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function OfferRow({
  offer,
  path,
  madeBy,
  isOwn,
  mayAct,
  onChanged,
}: {
  offer: Shown;
  path: string;
  madeBy: string;
  isOwn: boolean;
  mayAct: boolean;
  onChanged: () => void;
}) {
  const { say } = useText();
  const [isChecked, setChecked] = useState(false);
  const [code, setCode] = useState<string>();
  const tell = useAction(async () => {
    const body = { identityChecked: true };
    setCode((await call(`${path}/code`, codeSchema, { method: 'POST', body })).txCode);
    onChanged();
  });
  const withdraw = useAction(async () => {
    await call(path, shownSchema, { method: 'DELETE' });
    onChanged();
  });
  const isWithheld = offer.state === 'open' && offer.code === 'withheld';
  return (
    <tr>
      <td>{say('second.at', { name: madeBy, time: timeText(offer.createdAt) })}</td>
      <td>{timeText(offer.expiresAt)}</td>
      <td>{say(isWithheld ? 'offer.state.open-withheld' : `offer.state.${offer.state}`)}</td>
      {mayAct && (
        <td>
          <div class="stack">
            <Problem error={tell.error ?? withdraw.error} />
            {code !== undefined && (
              <Notice kind="good" live>
                {say('offer.told')} <strong class="mono offer-code">{code}</strong>
              </Notice>
            )}
            {isWithheld && !isOwn && (
              <>
                <label class="check">
                  <input
                    type="checkbox"
                    checked={isChecked}
                    onChange={(event) => setChecked(event.currentTarget.checked)}
                  />
                  <span>{say('offer.checked')}</span>
                </label>
                <div class="actions">
                  <Button kind="primary" disabled={!isChecked} busy={tell.busy} onClick={() => tell.run()}>
                    {say('offer.tell')}
                  </Button>
                </div>
              </>
            )}
            {(offer.state === 'open' || offer.state === 'used') && (
              <div class="actions">
                <Button kind="danger" busy={withdraw.busy} onClick={() => withdraw.run()}>
                  {say('offer.withdraw')}
                </Button>
              </div>
            )}
          </div>
        </td>
      )}
    </tr>
  );
}
