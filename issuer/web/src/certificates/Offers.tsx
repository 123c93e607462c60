import { call } from '../api/call.js';
import { useCall } from '../api/use-call.js';
import { OfferList, offersSchema } from './OfferList.js';
import { OfferSlip } from './OfferSlip.js';

/** Handing a certificate to a wallet: making a slip, and what became of those made. `path`: of the certificate. */
export function Offers({
  institution,
  path,
  holder,
  mayMake,
}: {
  institution: string;
  path: string;
  /** Name of its holder. */
  holder: string;
  mayMake: boolean;
}) {
  const offers = useCall((signal) => call(`${path}/offers`, offersSchema, { signal }), [path]);
  return (
    <>
      {mayMake && <OfferSlip path={path} holder={holder} onMade={offers.again} />}
      <OfferList institution={institution} offers={offers} />
    </>
  );
}
