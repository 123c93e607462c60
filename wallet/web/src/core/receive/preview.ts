import type { Verdict } from '../../../../../shared/verdict/types.js';
import { toBase64url, randomBytes } from '../bytes.js';
import {
  HELD_FORMATS,
  mainForm,
  MAX_TITLE,
  type HeldCertificate,
  type HeldForm,
} from '../certificates/held-certificate.js';
import { statedIdentity } from '../certificates/merge.js';
import { worstVerdict } from '../certificates/worst-verdict.js';
import { nowText, type Platform } from '../platform.js';
import { cutText } from '../text.js';

/** What a person should know before accepting; the verdict says the rest. */
export type PreviewWarning =
  /** No authority is chosen, so nothing was checked. */
  | 'NOT_JUDGED'
  /** A credential of another kind, by an issuer nobody vouches for here. */
  | 'FOREIGN_CREDENTIAL'
  /** Bound to no key of this wallet: it can be shown, but not proven to be the holder's. */
  | 'NOT_BOUND';

/** A certificate as it would be kept, for the person to look at first. Nothing is stored. */
export interface Preview {
  certificate: HeldCertificate;
  verdict?: Verdict;
  warnings: PreviewWarning[];
  /** Why it cannot be accepted: not as its issuer signed it. */
  refusal?: 'CREDENTIAL_NOT_GENUINE';
}

/** One form as it arrived. */
export interface ArrivedForm extends HeldForm {
  names?: { zh?: string; en?: string };
}

/**
 * Asks the five questions about everything that arrived, and puts the forms of one certificate together: those that name one issuer,
 * number and revision. The worst verdict of its forms counts for a certificate, so if one of them is forged, all are refused.
 * @param arrived forms, each checked to be bound to the right key
 * @param about where they came from
 */
export async function previewForms(
  arrived: readonly ArrivedForm[],
  about: Pick<HeldCertificate, 'source' | 'issuerHost'>,
  platform: Platform,
): Promise<Preview[]> {
  const groups = new Map<string, { form: ArrivedForm; verdict: Verdict | undefined }[]>();
  for (const [index, form] of arrived.entries()) {
    const verdict = await platform.judge(form.text);
    const name = statedIdentity(form) ?? `alone ${index}`;
    groups.set(name, [...(groups.get(name) ?? []), { form, verdict }]);
  }
  return [...groups.values()].map((group) => previewOf(group, about, platform));
}

function previewOf(
  group: readonly { form: ArrivedForm; verdict: Verdict | undefined }[],
  about: Pick<HeldCertificate, 'source' | 'issuerHost'>,
  platform: Platform,
): Preview {
  const sorted = group.toSorted((a, b) => HELD_FORMATS.indexOf(a.form.format) - HELD_FORMATS.indexOf(b.form.format));
  const verdict = worstVerdict(sorted.map((item) => item.verdict));
  const isForged = verdict?.questions.authentic.answer === 'fail';
  const receivedAt = nowText(platform);
  const certificate: HeldCertificate = {
    id: toBase64url(randomBytes(platform.crypto, 12)),
    forms: sorted.map(({ form: { names: _, ...form } }) => form),
    title: titleOf(sorted.find(({ form }) => form.names)?.form.names),
    ...about,
    receivedAt,
    ...(verdict && { verdict, checkedAt: receivedAt }),
  };
  const isForeign = verdict?.questions.authentic.code === 'UNKNOWN_CREDENTIAL_TYPE';
  return {
    certificate,
    ...(verdict && { verdict }),
    warnings: [
      ...(verdict ? [] : (['NOT_JUDGED'] as const)),
      ...(isForeign ? (['FOREIGN_CREDENTIAL'] as const) : []),
      ...(mainForm(certificate).holder === undefined ? (['NOT_BOUND'] as const) : []),
    ],
    ...(isForged && { refusal: 'CREDENTIAL_NOT_GENUINE' as const }),
  };
}

function titleOf({ zh, en }: NonNullable<ArrivedForm['names']> = {}): HeldCertificate['title'] {
  return {
    ...(zh !== undefined && { zh: cutText(zh, MAX_TITLE) }),
    ...(en !== undefined && { en: cutText(en, MAX_TITLE) }),
  };
}
