import { Notice } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';
import type { SecondPersonVerdict } from './use-second-person.js';

/** Tells an approver why they may not approve, or what to look at before they do. `name`: their own. */
export function SecondPersonNotice({ verdict, name }: { verdict: SecondPersonVerdict | undefined; name: string }) {
  const { say } = useText();
  if (verdict?.code === 'APPROVER_NOT_INDEPENDENT') return <Notice kind="care">{say('second.not-independent')}</Notice>;
  if (verdict?.code !== undefined) return <Notice kind="care">{say('second.same-person')}</Notice>;
  if (verdict?.cautions.includes('SAME_NAME')) return <Notice kind="care">{say('second.same-name', { name })}</Notice>;
  return null;
}
