import canonicalize from 'canonicalize';
import type { Custody } from '../keys/custody.js';
import type { CertificateDraft, ExamResult } from './exam-result.js';

/** HMACs that find a result again without keeping the document number (SECURITY §2.4). */
export interface ResultKeys {
  /** Of who was certified for what, by the full document number; null where only its last characters are known. */
  duplicateKey: string | null;
  /** Of the holder's document type and number; null where only its last characters are known. */
  holderKey: string | null;
  /** Of the result as far as a certificate shows it: name and last characters instead of the document number. */
  resultKey: string;
}

/** What one result is known by: what stands on the certificate, and the exam result where there is one. */
export interface KeyedResult {
  draft: CertificateDraft;
  exam?: ExamResult;
}

/** The keys of many results, in order, in three calls to custody. */
export async function resultKeys(
  custody: Pick<Custody, 'hmacAll'>,
  results: readonly KeyedResult[],
): Promise<ResultKeys[]> {
  const known = results.flatMap(({ exam }) => exam ?? []);
  const [duplicates, holders, shown] = await Promise.all([
    hmacTexts(
      custody,
      'duplicate',
      known.map((exam) => ({ ...documentOf(exam), ...certifiedFor(exam) })),
    ),
    hmacTexts(custody, 'holder', known.map(documentOf)),
    hmacTexts(
      custody,
      'result',
      results.map(({ draft: { holder, ...draft } }) => ({
        holder: [holder.name, holder.identityDocumentType, holder.identityDocumentLastFour],
        ...certifiedFor(draft),
      })),
    ),
  ]);
  let next = 0;
  return results.map(({ exam }, i) => {
    const at = exam ? next++ : -1;
    return {
      duplicateKey: duplicates[at] ?? null,
      holderKey: holders[at] ?? null,
      resultKey: shown[i] ?? '',
    };
  });
}

/** HMAC of a text that holds personal data, as hex. */
export async function fingerprintOf(custody: Pick<Custody, 'hmac'>, text: string): Promise<string> {
  return hex(await custody.hmac('issuer idempotency', new TextEncoder().encode(text)));
}

function documentOf({ holder }: ExamResult): { idType: string; idNumber: string } {
  return { idType: holder.idType, idNumber: holder.idNumber.toUpperCase() };
}

/** What makes two results of one person the same. */
function certifiedFor(
  result: Pick<CertificateDraft, 'kind' | 'level' | 'assessment' | 'specification' | 'competition' | 'training'> & {
    occupation?: { catalogueEdition: string; code: string; trade?: string | undefined } | undefined;
  },
): object {
  const { kind, occupation, level, assessment, specification, competition, training } = result;
  return {
    kind,
    occupation: occupation && [occupation.catalogueEdition, occupation.code, occupation.trade ?? ''],
    level: level && [level.framework, level.value],
    assessment: [assessment.id, assessment.date],
    specification: specification?.code,
    competition: competition && [competition.filingNumber, competition.event],
    training: training?.title,
  };
}

async function hmacTexts(
  custody: Pick<Custody, 'hmacAll'>,
  purpose: string,
  values: readonly object[],
): Promise<string[]> {
  const encoder = new TextEncoder();
  const macs = await custody.hmacAll(
    `issuer ${purpose}`,
    values.map((value) => encoder.encode(canonicalize(value) ?? '')),
  );
  return macs.map(hex);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
