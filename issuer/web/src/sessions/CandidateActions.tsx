import { useState } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { nothing } from '../api/schemas.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { Dialog } from '../parts/index.js';
import type { Candidate } from './schemas.js';

/** Strikes a candidate off, after asking. */
export function CandidateActions({
  path,
  candidate: { candidate, name },
  onRemoved,
}: {
  path: string;
  candidate: Candidate;
  onRemoved: () => void;
}) {
  const { say } = useText();
  const [isAsking, setAsking] = useState(false);
  const remove = useAction(async () => {
    await call(`${path}/candidates/${candidate}`, nothing, { method: 'DELETE' });
    onRemoved();
  });
  return (
    <>
      <button
        type="button"
        class="button button-link"
        aria-label={say('exam.remove', { name })}
        onClick={() => setAsking(true)}
      >
        {say('exam.remove-short')}
      </button>
      {isAsking && (
        <Dialog title={say('exam.remove-sure', { name })} onClose={() => setAsking(false)}>
          <Problem error={remove.error} />
          <Button kind="danger" busy={remove.busy} onClick={() => remove.run()}>
            {say('exam.remove', { name })}
          </Button>
        </Dialog>
      )}
    </>
  );
}
