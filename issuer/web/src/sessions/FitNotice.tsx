import { Notice } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';
import type { Fit } from './schemas.js';

/** Whether the accreditation covers a plan, and what does not fit. What is not known is said to be so. */
export function FitNotice({ fit }: { fit: Fit }) {
  const { say } = useText();
  const kind = fit.answer === 'covered' ? 'good' : 'care';
  return (
    <Notice kind={kind} live title={say(`exam.fit.${fit.answer}`)}>
      {fit.problems.length > 0 && (
        <ul>
          {fit.problems.map(({ code, text }) => (
            <li key={code}>{text}</li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
