import { digestText } from '../../../../ui/i18n/format.js';
import { useText } from '../i18n/index.js';
import { Consequences } from './Consequences.js';
import { keyName, type Ceremony } from './schemas.js';

/** What to do once a ceremony is done: the record for the authority, and the steps after it. */
export function CeremonyDone({ ceremony, path }: { ceremony: Ceremony; path: string }) {
  const { say } = useText();
  const { kind, id, keyId, compromisedSince, recordSha256 } = ceremony;
  return (
    <div class="stack">
      <p>{say(`keys.after.${kind}`)}</p>
      <p>
        <a class="button" href={`.${path}/key-ceremonies/${id}/record`} download>
          {say(kind === 'compromise' ? 'keys.download-notice' : 'keys.download-record')}
        </a>
      </p>
      {recordSha256 !== undefined && (
        <p class="soft">
          {say('keys.record-digest')} <span class="mono wrap-anywhere">{digestText(recordSha256)}</span>
        </p>
      )}
      {kind === 'compromise' && keyId !== undefined && compromisedSince !== undefined && (
        <Consequences path={path} name={keyName(keyId)} since={compromisedSince} isDone />
      )}
    </div>
  );
}
