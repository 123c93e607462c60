import { useEffect, useMemo, useState } from 'preact/hooks';
import { Button, QrPicture } from '../../../../ui/parts/index.js';
import { encodeFrames } from '../core/backup/frames.js';
import { useText } from '../i18n/index.js';
import { keepAwake } from '../show/keep-awake.js';

const FRAME_MS = 400;

/** Shows the backup as codes one after the other, round and round, for the new phone's camera. */
export function SendFrames({ bytes, onDone }: { bytes: Uint8Array; onDone: () => void }) {
  const { say } = useText();
  const frames = useMemo(() => encodeFrames(bytes), [bytes]);
  const [index, setIndex] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setIndex((at) => (at + 1) % frames.length), FRAME_MS);
    const release = keepAwake();
    return () => {
      clearInterval(timer);
      release();
    };
  }, [frames]);
  const frame = frames[index % frames.length];
  if (!frame) return null;
  return (
    <div class="stack" data-frames={frames.length}>
      <div class="live-code">
        <QrPicture segments={frame.segments} label={say('frames.code')} text={frame.text} />
      </div>
      <p class="soft">{say('frames.count', { index: frame.index + 1, total: frame.total })}</p>
      <p>{say('frames.what')}</p>
      <div class="actions">
        <Button icon="close" onClick={onDone}>
          {say('frames.stop')}
        </Button>
      </div>
    </div>
  );
}
