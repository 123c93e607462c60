import { RESULT_COLUMNS } from './result-sheet.js';
import type { Candidate, ExamSession, Outcome } from './types.js';

type Language = 'zh-CN' | 'en';

const ATTENDANCE: Record<Language, Record<NonNullable<Candidate['attendance']>, string>> = {
  'zh-CN': { present: '到考', absent: '缺考', withheld: '暂缓' },
  en: { present: 'Present', absent: 'Absent', withheld: 'Withheld' },
};
const VERDICT: Record<Language, Record<'pass' | 'fail', string>> = {
  'zh-CN': { pass: '合格', fail: '不合格' },
  en: { pass: 'Pass', fail: 'Fail' },
};
const OUTCOME: Record<Language, Record<Outcome, string>> = {
  'zh-CN': { open: '', passed: '通过', failed: '未通过', absent: '缺考', withheld: '暂缓' },
  en: { open: '', passed: 'Passed', failed: 'Not passed', absent: 'Absent', withheld: 'Withheld' },
};

/**
 * Lines of the sheet of results: header first, one line for each candidate. The columns of parts that are not held are left out; the last
 * column, which says what became of somebody, is a remark that is not read back.
 */
export function* resultLines(
  { passMarks }: Pick<ExamSession, 'passMarks'>,
  candidates: readonly Candidate[],
  language: Language,
): Generator<string[]> {
  const held = new Set<string>(passMarks.map(({ part }) => part));
  const columns = RESULT_COLUMNS.filter(({ key }) =>
    key === 'verdict' ? held.size === 0 : !PARTS.has(key) || held.has(key),
  );
  yield [...columns.map(({ zh, en }) => (language === 'en' ? en : zh)), language === 'en' ? 'REMARKS' : '备注'];
  for (const one of candidates) {
    const cells: Record<string, string> = {
      candidate: String(one.candidate),
      name: one.name,
      lastFour: one.lastFour,
      attendance: one.attendance ? ATTENDANCE[language][one.attendance] : '',
      theory: one.theory ?? '',
      practical: one.practical ?? '',
      comprehensive: one.comprehensive ?? '',
      verdict: one.verdict ? VERDICT[language][one.verdict] : '',
    };
    yield [...columns.map(({ key }) => cells[key] ?? ''), OUTCOME[language][one.outcome]];
  }
}

const PARTS: ReadonlySet<string> = new Set(['theory', 'practical', 'comprehensive']);
