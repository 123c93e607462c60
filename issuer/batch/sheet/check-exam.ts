import { certificateKind } from '../../../shared/certificate/kind.js';
import { checkCertificateNumber, composeCertificateNumber } from '../../../shared/certificate/certificate-number.js';
import { parseCertificateRecord, type CertificateRecord } from '../../../shared/certificate/record.js';
import { YizhengError } from '../../../shared/errors.js';
import { coverByAccreditation, type IssuedUnder } from '../../covering-accreditation.js';
import { draftOf, parseExamResult, type CertificateDraft, type ExamResult } from '../../exam-result.js';
import { chinaDate, wholeSecond } from '../../time.js';
import type { IssueSheetContext } from './types.js';
import { UNPLACED } from './unplaced.js';

/**
 * Asks everything issuing will ask of an exam result, except what needs the database: that is the authority on every row, whatever
 * faster way there is.
 * @param input the exam result as put together from a row
 * @returns the parsed exam result
 * @throws YizhengError with the first thing that is wrong: codes of `parseExamResult`, `draftOf`, `RECORD_INVALID`, `ISSUED_IN_FUTURE`,
 *   `NUMBER_*`, codes of `coverByAccreditation`
 */
export function checkExam(input: unknown, context: IssueSheetContext): ExamResult {
  const exam = parseExamResult(input);
  const today = chinaDate(context.now);
  const draft = draftOf(exam, exam.issuedOn ?? today);
  if (draft.issuedOn > today)
    throw new YizhengError('ISSUED_IN_FUTURE', 'The date of issue lies in the future (China Standard Time).', {
      at: '/issuedOn',
      status: 422,
    });
  const record = recordOf(draft, context);
  // The date of a correction may be that of the certificate it corrects, which only the engine knows.
  if (context.operation === 'correct' && exam.issuedOn === undefined) return exam;
  coverByAccreditation(context.institution, context.view, record, {
    verificationMethod: context.verificationMethod,
    created: wholeSecond(context.now),
  });
  return exam;
}

/** The record a draft would become, with the number it has or could have. */
function recordOf(
  draft: CertificateDraft,
  { institution, operation }: IssueSheetContext,
): (under: IssuedUnder) => CertificateRecord {
  const given = draft.certificateNumber;
  // Whether kind and level agree is asked before a number is made of them; a number made by the rule needs no second look.
  const record = parseCertificateRecord({
    ...draft,
    certificateNumber: given ?? 'S',
    revision: 1,
    ...UNPLACED,
  });
  const certificateNumber =
    operation === 'correct' ? placeholder(draft, institution.code) : numberOf(draft, institution.code);
  return (under) => ({ ...record, ...under, certificateNumber });
}

function numberOf(draft: CertificateDraft, institutionCode: string): string {
  const { kind, level, issuedOn, certificateNumber } = draft;
  const isNumbered = certificateKind(kind).numbered && level !== undefined;
  if (certificateNumber !== undefined) {
    const [code] = isNumbered ? checkCertificateNumber(certificateNumber, { institutionCode, issuedOn, level }) : [];
    if (code !== undefined)
      throw new YizhengError(code, 'The certificate number disagrees with the row it stands in.', {
        at: '/certificateNumber',
        status: 422,
      });
    return certificateNumber;
  }
  if (!isNumbered)
    throw new YizhengError(
      'NUMBER_MISSING',
      'This kind has no numbering rule; give the number the authority assigned.',
      {
        at: '/certificateNumber',
        status: 422,
      },
    );
  try {
    return composeCertificateNumber({ institutionCode, issuedOn, level, serial: 1 });
  } catch (error) {
    if (error instanceof YizhengError)
      throw new YizhengError(error.code, error.message, { at: '/certificateNumber', status: 422, cause: error });
    throw error;
  }
}

/** A correction keeps the number it had; any of this institution has the same place and form. */
function placeholder({ issuedOn }: CertificateDraft, institutionCode: string): string {
  return `${institutionCode}${issuedOn.slice(2, 4)}5000001`;
}
