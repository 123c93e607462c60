import { useState } from 'preact/hooks';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { wallet } from '../app/wallet.js';
import { useText } from '../i18n/index.js';

/** Deletes the wallet of this device, after asking once more. */
export function BeginAnew() {
  const { say } = useText();
  const [sure, setSure] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  return (
    <>
      {!sure && (
        <div class="actions">
          <Button kind="danger" icon="delete" onClick={() => setSure(true)}>
            {say('anew.delete')}
          </Button>
        </div>
      )}
      {sure && (
        <Notice
          kind="bad"
          live
          actions={
            <>
              <Button kind="danger" onClick={() => void wallet().vault.destroy().catch(setProblem)}>
                {say('anew.yes')}
              </Button>
              <Button onClick={() => setSure(false)}>{say('anew.no')}</Button>
            </>
          }
        >
          {say('anew.sure')}
        </Notice>
      )}
      {problem !== undefined && (
        <Notice kind="bad" live>
          {problemText(problem, say)}
        </Notice>
      )}
    </>
  );
}
