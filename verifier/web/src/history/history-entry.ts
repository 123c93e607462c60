import type { Verdict } from '../../../../shared/verdict/types.js';
import type { Level } from '../../../../shared/certificate/level.js';
import { reasonOf } from '../roster/judge-row.js';

/** One verification as this device remembers it: enough to find it again, nothing of an ID number, of the name its first character. */
export interface HistoryEntry {
  id: string;
  /** RFC 3339. */
  at: string;
  headline: Verdict['headline'];
  code: string;
  params: Record<string, string>;
  anchor: string;
  number?: string;
  holder?: string;
  occupation?: string;
  level?: Level;
}

/** What is remembered of a verdict. The same certificate checked in the same second is one entry. */
export function historyEntry(verdict: Verdict): HistoryEntry {
  const { certificate, evaluatedAt, headline, input, trust } = verdict;
  const { code, params } = reasonOf(verdict);
  const { lastFour: _, name: __, document: ___, ...safe } = params;
  return {
    id: `${evaluatedAt} ${input.sha256.slice(0, 16)}`,
    at: evaluatedAt,
    headline,
    code,
    params: safe,
    anchor: trust.anchorName ?? trust.anchor,
    ...(certificate && {
      number: certificate.certificateNumber,
      ...(certificate.holder.name !== undefined && { holder: maskedName(certificate.holder.name) }),
      ...(certificate.occupation && { occupation: certificate.occupation.name }),
      ...(certificate.level && { level: certificate.level }),
    }),
  };
}

/** `张伟` → `张*`, `欧阳娜` → `欧**`. */
export function maskedName(name: string): string {
  const [first = '', ...rest] = [...name];
  return first + '*'.repeat(Math.min(rest.length, 3));
}
