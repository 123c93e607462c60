import { useText } from '../i18n/index.js';
import { CheckField, TextField } from '../parts/index.js';

/** What takes effect without lead time, and why. */
export interface Urgency {
  isUrgent: boolean;
  urgentReason: string;
}

/** Asks whether something takes effect at once, and then for the reason. `isOffered`: whether it may. */
export function UrgentFields({
  urgency,
  onChange,
  isOffered,
}: {
  urgency: Urgency;
  onChange: (change: Partial<Urgency>) => void;
  isOffered: boolean;
}) {
  const { say } = useText();
  return (
    <>
      {isOffered && (
        <CheckField
          label={say('officer.urgent')}
          help={say('officer.urgent-help')}
          checked={urgency.isUrgent}
          onChange={(isUrgent) => onChange({ isUrgent })}
        />
      )}
      {urgency.isUrgent && (
        <TextField
          label={say('officer.urgent-reason')}
          value={urgency.urgentReason}
          onInput={(urgentReason) => onChange({ urgentReason })}
          required
          markRequired
        />
      )}
    </>
  );
}
