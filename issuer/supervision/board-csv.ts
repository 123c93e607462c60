import { certificateKind } from '../../shared/certificate/kind.js';
import { findLevel } from '../../shared/certificate/level.js';
import type { Language } from '../../shared/i18n/create-translator.js';
import { explainCheck } from '../../shared/supervision/explain-check.js';
import { csvText } from '../../shared/sheet/csv-text.js';
import type { Series } from './count-cells.js';
import type { Board } from './supervision.js';

/** Smallest number that is given to everybody (TRUST §5.4). */
const SMALLEST_PUBLIC = 5;

const HEADERS = {
  'zh-CN': {
    line: ['机构代码', '机构名称', '证书种类', '职业编码', '职业名称', '等级'],
    counts: ['月份', '发证数', '暂停', '撤销', '整场作废', '标记', '说明'],
    issued: ['月份', '发证数'],
    marks: { unusual: '异常', unknown: '未知', usual: '未见异常' },
  },
  en: {
    line: ['Institution code', 'Institution', 'Kind', 'Occupation code', 'Occupation', 'Level'],
    counts: ['Month', 'Issued', 'Suspended', 'Revoked', 'Voided with session', 'Mark', 'Explanation'],
    issued: ['Month', 'Issued'],
    marks: { unusual: 'unusual', unknown: 'unknown', usual: 'nothing unusual' },
  },
} as const;

/**
 * Boards as CSV for spreadsheet programs, one row for each line and month.
 * @param audience `supervision` has every figure and what the rules say; `public` has the issued number only, `<5` for one to four, and
 *   neither totals nor other figures the small ones could be worked out from (TRUST §5.4)
 */
export function boardCsv(boards: readonly Board[], language: Language, audience: 'supervision' | 'public'): string {
  const words = HEADERS[language];
  const isPublic = audience === 'public';
  const rows = boards.flatMap(({ institution, lines }) =>
    lines.flatMap(({ series, months }) =>
      months.map(({ month, issued, suspended, revoked, voided, mark, checks }) => [
        institution.code,
        institution.name,
        ...lineText(series, language),
        month,
        ...(isPublic
          ? [issued < SMALLEST_PUBLIC ? `<${SMALLEST_PUBLIC}` : String(issued)]
          : [
              ...[issued, suspended, revoked, voided].map(String),
              words.marks[mark],
              checks
                .filter(({ answer }) => answer !== 'pass')
                .map((check) => explainCheck(check, language))
                .join(' '),
            ]),
      ]),
    ),
  );
  return csvText([[...words.line, ...(isPublic ? words.issued : words.counts)], ...rows]);
}

function lineText({ kind, occupation, occupation_name: name, framework, level }: Series, language: Language): string[] {
  const found = findLevel({ framework, value: level });
  const known = certificateKind(kind);
  return language === 'en'
    ? [known.nameEn, occupation, name, found?.nameEn ?? level]
    : [known.nameZh, occupation, name, found?.nameZh ?? level];
}
