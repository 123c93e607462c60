import { useEffect, useState } from 'preact/hooks';
import { Button, Notice, QrPicture } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';
import type { NewRequest } from './asking.js';

/** The code to show or the link to send, and how long it is good for. */
export function WaitingForAnswer({ request, onCancel }: { request: NewRequest; onCancel: () => void }) {
  const { say } = useText();
  const [copied, setCopied] = useState(false);
  const left = useSecondsUntil(request.expiresAt);
  const shared = request.walletLink ?? request.link;
  return (
    <div class="card request-waiting">
      <QrPicture segments={[{ mode: 'byte', data: request.link }]} label={say('request.code')} text={request.link} />
      <p>{say('request.show')}</p>
      <p class="soft" role="timer">
        {say('request.left', { minutes: Math.floor(left / 60), seconds: String(left % 60).padStart(2, '0') })}
      </p>
      <div class="actions">
        <Button
          icon="paste"
          onClick={() => {
            void navigator.clipboard.writeText(shared).then(
              () => setCopied(true),
              () => setCopied(false),
            );
          }}
        >
          {say(copied ? 'request.copied' : 'request.copy')}
        </Button>
        <a class="button button-plain" href={shared} rel="noreferrer">
          {say('request.open-here')}
        </a>
        <Button icon="close" onClick={onCancel}>
          {say('request.cancel')}
        </Button>
      </div>
      <Notice kind="info">{say('request.waiting')}</Notice>
    </div>
  );
}

function useSecondsUntil(instant: string): number {
  const secondsNow = (): number => Math.max(0, Math.ceil((Date.parse(instant) - Date.now()) / 1000));
  const [left, setLeft] = useState(secondsNow);
  useEffect(() => {
    const timer = setInterval(() => setLeft(secondsNow()), 1000);
    return () => clearInterval(timer);
  }, [instant]);
  return left;
}
