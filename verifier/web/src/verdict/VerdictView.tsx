import { verdictText } from '../../../../shared/verdict/verdict-text.js';
import { useText } from '../i18n/index.js';
import type { CheckResult } from '../verify/types.js';

/** One verdict as a person reads it. */
export function VerdictView({ result }: { result: CheckResult }) {
  const { sentences } = useText();
  const text = verdictText(result.verdict, sentences, { host: result.host });
  return <h2>{text.headline}</h2>;
}
