import { useEffect, useRef } from 'preact/hooks';
import { errorCode, YizhengError } from '../../../../shared/errors.js';
import { linkWarning } from '../../../../ui/app/link-warning.js';
import { ownHosts } from '../../../../ui/app/own-hosts.js';
import { useStore } from '../../../../ui/app/store.js';
import { useText } from '../i18n/index.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { foreignCode } from '../../../../ui/scan/foreign-code.js';
import { Icon } from '../../../../ui/parts/index.js';

/** Why nothing could be verified: what was given, and what to do. Never green, never red: nothing was judged. */
export function InputProblem({ problem, text }: { problem: unknown; text?: string }) {
  const { say } = useText();
  const hosts = useStore(ownHosts);
  const heading = useRef<HTMLHeadingElement>(null);
  const code = errorCode(problem, 'INTERNAL');
  const found = text ?? (problem instanceof YizhengError ? problem.at : undefined);
  const other = code === 'QR_NOT_OURS' ? found : undefined;
  const link = other === undefined ? undefined : linkWarning(other, hosts);
  const foreign = other === undefined ? 'other' : foreignCode(other);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: 'center' });
  }, [problem]);
  return (
    <section
      class="verdict verdict-problem"
      data-code={code}
      data-foreign={foreign}
      {...(link && { 'data-link': link.kind })}
    >
      <div class="verdict-headline">
        <span class="verdict-mark">
          <Icon name="unknown" large />
        </span>
        <h2 ref={heading} tabIndex={-1}>
          {say('result.unreadable')}
        </h2>
      </div>
      {foreign !== 'other' && foreign !== 'link' && (
        <p class="verdict-note verdict-reason">{say(`scan.foreign.${foreign}`)}</p>
      )}
      {link && <p class="verdict-note">{say(`link.${link.kind}`, { host: link.host })}</p>}
      {!link && (foreign === 'other' || foreign === 'link') && <p class="verdict-note">{problemText(problem, say)}</p>}
      <p class="verdict-note soft">
        {say('result.code')}: <code>{code}</code>
      </p>
    </section>
  );
}
