import type { Verdict } from '../../../../shared/verdict/types.js';
import { decidingQuestion } from '../../../../ui/verdict/deciding-question.js';
import type { Difference, Expected, RosterRow, RowCertificate } from './types.js';

/** What a verdict puts into its row. */
export function rowOfVerdict(
  verdict: Verdict,
  expected: Expected | undefined,
): Pick<RosterRow, 'headline' | 'code' | 'params' | 'certificate' | 'differences'> {
  const certificate = certificateOf(verdict);
  const { code, params } = reasonOf(verdict);
  return {
    headline: verdict.headline,
    code,
    params,
    ...(certificate && { certificate }),
    differences: certificate && expected ? differencesOf(certificate, expected) : [],
  };
}

/** The finding behind a headline. */
export function reasonOf(verdict: Verdict): { code: string; params: Record<string, string> } {
  const { code, params } = verdict.questions[decidingQuestion(verdict)];
  return { code, params };
}

/**
 * What of a certificate differs from the roster. Width of letters, blanks and the dot in names do not count; an empty cell asks
 * nothing.
 */
export function differencesOf(certificate: RowCertificate, expected: Expected): Difference[] {
  const plain = (text: string): string =>
    text
      .normalize('NFKC')
      .replace(/[\s·•・‧.]/gu, '')
      .toLowerCase();
  const differs = (told: string | undefined, found: string): boolean =>
    told !== undefined && plain(told) !== plain(found);
  return [
    ...(differs(expected.name, certificate.name) ? (['name'] as const) : []),
    ...(differs(expected.lastFour, certificate.lastFour) ? (['lastFour'] as const) : []),
    ...(differs(expected.certificateNumber, certificate.number) ? (['certificateNumber'] as const) : []),
  ];
}

function certificateOf({ certificate: record, credentialId }: Verdict): RowCertificate | undefined {
  if (!record) return undefined;
  return {
    number: record.certificateNumber,
    name: record.holder.name ?? '',
    lastFour: record.holder.identityDocumentLastFour ?? '',
    occupation: record.occupation?.name ?? record.permit?.item ?? record.specification?.code ?? '',
    ...(record.level && { level: record.level }),
    institution: record.issuer.name,
    issuedOn: record.issuedOn,
    ...(record.expiresOn !== undefined && { expiresOn: record.expiresOn }),
    credentialId: credentialId ?? record.certificateNumber,
  };
}
