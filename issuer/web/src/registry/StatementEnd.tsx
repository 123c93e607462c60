import type { ComponentChildren } from 'preact';
import { Button } from '../../../../ui/parts/index.js';
import type { Action } from '../api/use-action.js';
import { Problem } from '../api/Problem.js';
import { useText } from '../i18n/index.js';
import { PreviewPanel, type PreviewBody } from './preview/index.js';
import type { Desk } from './use-desk.js';

/**
 * The end of a form that makes a statement: what it would change, and the button that makes or proposes it. `preview`: as the service is asked,
 * undefined while too little was said; `children`: more buttons.
 */
export function StatementEnd({
  desk,
  preview,
  write,
  statement,
  kind = 'primary',
  children,
}: {
  desk: Desk;
  preview: PreviewBody | undefined;
  write: Pick<Action<never[]>, 'busy' | 'error'>;
  /** What needs a second person where the authority says so. */
  statement: 'accreditation' | 'recognition' | 'event';
  kind?: 'primary' | 'danger';
  children?: ComponentChildren;
}) {
  const { say } = useText();
  const isProposed = desk.authority?.dualControl.includes(statement) === true;
  return (
    <>
      <PreviewPanel desk={desk} body={preview} />
      <Problem error={write.error} />
      <div class="actions">
        <Button type="submit" kind={kind} busy={write.busy}>
          {say(isProposed ? 'officer.propose' : 'officer.do')}
        </Button>
        {children}
      </div>
    </>
  );
}
