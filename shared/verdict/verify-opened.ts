import type { OpenedCarrier } from '../carrier/open-carrier.js';
import { checkLiveProof } from './check-live-proof.js';
import type { Verdict } from './types.js';
import { verify, type VerifyContext } from './verify.js';

/**
 * Answers the five questions about what `openCarrier` took out: like `verify`, and where a holder signed it for showing (a live code, a
 * share link), the fifth by that signature. The holder's time is held against `now` itself, whatever the trust data knows of time.
 * @throws YizhengError as `verify`
 */
export function verifyOpened(opened: OpenedCarrier, context: VerifyContext): Promise<Verdict> {
  const { carrier, json, document, holderProof } = opened;
  const holder = holderProof && checkLiveProof(holderProof, document, { now: context.now });
  return verify({ carrier, json, ...(holder && { holder }) }, context);
}
