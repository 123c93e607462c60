import { useText } from '../i18n/index.js';
import type { ScanTiming } from './ScanView.js';

/** How long a scan took, in small letters: a slow phone shows itself. */
export function ScanTime({ timing }: { timing: ScanTiming }) {
  const { say } = useText();
  const seconds = (timing.frameToVerdict / 1000).toFixed(2);
  return <p class="soft no-print">{say('scan.time', { seconds, verify: Math.round(timing.verify) })}</p>;
}
