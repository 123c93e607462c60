import { useText } from '../i18n/index.js';
import { Button, Notice } from '../parts/index.js';
import { platformOf, type CameraProblem } from './camera-problem.js';

/** Why there is no camera picture, and what to do about it. */
export function CameraTrouble({ problem, onRetry }: { problem: CameraProblem; onRetry: () => void }) {
  const { say } = useText();
  const platform = platformOf(navigator.userAgent, navigator.maxTouchPoints);
  const hopeless = problem === 'insecure' || problem === 'unsupported';
  return (
    <Notice
      kind="care"
      live
      title={say(`scan.problem.${problem}`)}
      actions={!hopeless && <Button onClick={onRetry}>{say('scan.retry')}</Button>}
    >
      {problem === 'refused' && <p>{say(`scan.allow.${platform}`)}</p>}
      <p>{say('scan.or-file')}</p>
    </Notice>
  );
}
