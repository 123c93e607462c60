import { wallet } from '../app/wallet.js';
import type { HeldCertificate } from '../core/certificates/held-certificate.js';
import { acceptReceived, declineReceived, type Received } from '../core/receive/obtain.js';
import { ReviewPreviews } from './ReviewPreviews.js';

/** What an issuer gave, to be accepted or not; the issuer is told which. */
export function ReviewReceived({
  received,
  onDone,
}: {
  received: Received;
  /** With what is kept now, or undefined when it was declined. */
  onDone: (kept: readonly HeldCertificate[] | undefined) => void;
}) {
  const { vault, platform } = wallet();
  return (
    <ReviewPreviews
      previews={received.previews}
      onAccept={async () => onDone(await acceptReceived(received, vault, platform))}
      onDecline={() => void declineReceived(received, platform).finally(() => onDone(undefined))}
    />
  );
}
