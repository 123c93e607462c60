import { useState } from 'preact/hooks';
import { useText } from '../i18n/index.js';
import { canSpeak } from './feedback.js';
import { setWanted, wants, type Feedback } from './scan-preferences.js';

/** Switches for buzzing and speaking, those that the device can do. */
export function FeedbackChoices() {
  const [, again] = useState({});
  const { say } = useText();
  const possible: Feedback[] = [
    ...('vibrate' in navigator ? (['vibrate'] as const) : []),
    ...(canSpeak() ? (['speak'] as const) : []),
  ];
  return (
    <div class="scan-feedback">
      {possible.map((feedback) => (
        <label key={feedback} class="scan-switch">
          <input
            type="checkbox"
            checked={wants(feedback)}
            onChange={(event) => {
              setWanted(feedback, event.currentTarget.checked);
              again({});
            }}
          />
          <span>{say(`scan.${feedback}`)}</span>
        </label>
      ))}
    </div>
  );
}
