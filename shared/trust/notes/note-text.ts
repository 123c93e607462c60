import type { Note } from './note.js';

/** A note in one plain sentence. A code without a sentence is shown as it is. */
export function noteText(note: Note, language: 'zh-CN' | 'en'): string {
  const sentence = SENTENCES[note.code]?.[language === 'zh-CN' ? 0 : 1] ?? note.code;
  return sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => note.params?.[name] ?? '');
}

const SENTENCES: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  OCCUPATIONS_UNLISTED: [
    '“{agreement}”未公布职业清单,依据它办理前请向主管部门确认该职业在内。',
    '“{agreement}” publishes no list of occupations; ask the authority before relying on it for this one.',
  ],
  STANDARD_NOT_AS_AGREED: [
    '评价所用标准为 {standard},与“{agreement}”约定的 {agreed} 不同。',
    'Assessed against {standard}, while “{agreement}” agrees on {agreed}.',
  ],
  ISSUER_REVIEW_PASSED: ['{reviewer}交叉互评({criteria}):合格。', 'Reviewed by {reviewer} ({criteria}): passed.'],
  ISSUER_REVIEW_CONCERN: [
    '{reviewer}交叉互评({criteria}):有待改进。',
    'Reviewed by {reviewer} ({criteria}): concerns.',
  ],
  ISSUER_REVIEW_FAILED: [
    '{reviewer}交叉互评({criteria}):不合格。仅供参考,不影响已颁发证书的效力。',
    'Reviewed by {reviewer} ({criteria}): failed. For information; it does not touch certificates already issued.',
  ],
  ISSUER_REVIEW_EXPIRED: [
    '{reviewer}的交叉互评结论已于 {until} 过期。',
    'The review by {reviewer} ran out on {until}.',
  ],
  ADVANCED_EXCEPTIONALLY: [
    '破格晋升,依据:{basis}。资历、年限不足常规要求不是疑点。',
    'Advanced exceptionally, on the basis of {basis}; fewer years of work than usual are no ground for doubt.',
  ],
  ADVANCED_BY_COMPETITION: ['以赛代评晋升,依据:{basis}。', 'Advanced by competition, on the basis of {basis}.'],
  ADVANCED_BY_APPOINTMENT: ['评聘晋升,依据:{basis}。', 'Advanced by appointment, on the basis of {basis}.'],
  ADVANCEMENT_NEEDS_EVIDENCE: [
    '称非常规晋升,但没有写明依据文件,请持证人补充。',
    'Said to have advanced off the regular path, but names no document; ask the holder for it.',
  ],
  SAME_EXAM_LINKED: ['与另一张证书出自同一次考核。', 'From the same exam as another certificate.'],
  SAME_EXAM_DISPUTED: [
    '同一次考核的另一张证书已被撤销或暂停;本证书的效力不因此改变。',
    'Another certificate of the same exam was revoked or suspended; this one is not touched by that.',
  ],
};
