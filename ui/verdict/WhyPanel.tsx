import { useEffect, useState } from 'preact/hooks';
import type { ExplanationStep } from '../../shared/trust/explain.js';
import { useText } from '../i18n/index.js';
import { namelessText } from '../i18n/nameless.js';
import { problemText } from '../i18n/problem-text.js';
import { Notice } from '../parts/index.js';
import { explainResult } from '../verify/verify-client.js';
import type { CheckResult, Explained } from '../verify/types.js';

const MARKS: Record<ExplanationStep['type'], string> = {
  recognition: 'why-pass',
  accreditation: 'why-pass',
  refusal: 'why-fail',
  event: 'why-note',
  result: 'why-note',
  warning: 'why-fail',
  note: 'why-note',
};

/** The path from the reader's authority to the certificate, or where it broke, with the statements themselves. */
export function WhyPanel({ result }: { result: CheckResult }) {
  const { say, sentences } = useText();
  const [found, setFound] = useState<{ explained: Explained | undefined } | { problem: unknown }>();
  useEffect(() => {
    let wanted = true;
    explainResult(result, sentences).then(
      (explained) => wanted && setFound({ explained }),
      (problem: unknown) => wanted && setFound({ problem }),
    );
    return () => void (wanted = false);
  }, [result, sentences]);
  if (!found) return <p role="status">{say('why.working')}</p>;
  if ('problem' in found) return <Notice kind="care">{problemText(found.problem, say)}</Notice>;
  if (!found.explained) return <p role="status">{say('why.nothing')}</p>;
  const { explanation, statements } = found.explained;
  return (
    <div class="stack" role="status">
      <h3>{say('why.title')}</h3>
      <p>{namelessText(explanation.headline, say)}</p>
      <ol class="why-steps">
        {explanation.steps.map((step) => (
          <li class={MARKS[step.type]}>
            <p>{namelessText(step.text, say)}</p>
            {step.details.length > 0 && (
              <ul class="soft">
                {step.details.map((detail) => (
                  <li>{namelessText(detail, say)}</li>
                ))}
              </ul>
            )}
            {step.statement !== undefined && Object.hasOwn(statements, step.statement) && (
              <details>
                <summary>{say('why.statement')}</summary>
                <pre class="statement" tabIndex={0}>
                  {statements[step.statement]}
                </pre>
              </details>
            )}
          </li>
        ))}
      </ol>
      {explanation.wouldHaveToChange.length > 0 && (
        <>
          <h3>{say('why.change')}</h3>
          <ul>
            {explanation.wouldHaveToChange.map((change) => (
              <li>{namelessText(change, say)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
