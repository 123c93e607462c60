import { Button, FileButton } from '../../../../ui/parts/index.js';
import { base64 } from '../api/base64.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { nothing } from '../api/schemas.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';

/** The picture of the seal: set it, look at it, take it away. */
export function SealCard({
  path,
  hasSeal,
  drawn,
  onChanged,
}: {
  path: string;
  hasSeal: boolean;
  /** When it was last changed: a page shows a picture it has at an address again without asking, whatever the answer said of keeping it. */
  drawn: number;
  onChanged: () => void;
}) {
  const { say } = useText();
  const change = useAction(async (file: File | undefined) => {
    if (file) {
      const body = { picture: await base64(file) };
      await call(`${path}/print-layout/seal`, nothing, { method: 'PUT', body });
    } else await call(`${path}/print-layout/seal`, nothing, { method: 'DELETE' });
    onChanged();
  });
  return (
    <div class="card stack">
      <h3>{say('printing.seal')}</h3>
      <p class="soft">{say('printing.seal-help')}</p>
      {hasSeal && (
        <img class="seal-picture" src={`.${path}/print-layout/seal.png?drawn=${drawn}`} alt={say('printing.seal')} />
      )}
      <Problem error={change.error} />
      <div class="actions">
        <FileButton
          label={say('printing.seal-choose')}
          accept="image/png,image/jpeg"
          onFiles={([file]) => change.run(file)}
        />
        {hasSeal && (
          <Button kind="danger" icon="delete" busy={change.busy} onClick={() => change.run(undefined)}>
            {say('printing.seal-remove')}
          </Button>
        )}
      </div>
    </div>
  );
}
