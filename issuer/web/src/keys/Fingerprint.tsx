import { useText } from '../i18n/index.js';

/** A fingerprint in sixteen groups of four, to be read aloud and compared. */
export function Fingerprint({ value }: { value: string }) {
  const { say } = useText();
  const groups = value.match(/.{1,4}/g) ?? [];
  return (
    <ol class="fingerprint mono" aria-label={say('keys.fingerprint')}>
      {groups.map((group, place) => (
        <li key={place}>{group}</li>
      ))}
    </ol>
  );
}
