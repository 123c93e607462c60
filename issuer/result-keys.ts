import canonicalize from 'canonicalize';
import type { Custody, PackedTexts } from '../keys/custody.js';
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
    hmacTexts(custody, 'duplicate', known.map(duplicateOf)),
    hmacTexts(custody, 'holder', known.map(documentOf)),
    hmacTexts(
      custody,
      'result',
      results.map(({ draft }) => shownOf(draft)),
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

/** The texts whose HMACs are the keys of a result. */
export function keyTexts({ draft, exam }: Required<KeyedResult>): Record<'duplicate' | 'holder' | 'result', string> {
  return {
    duplicate: canonicalText(duplicateOf(exam)),
    holder: canonicalText(documentOf(exam)),
    result: canonicalText(shownOf(draft)),
  };
}

/** HMACs of packed texts, 32 bytes each; see {@link keyTexts}. */
export function packedKeys(
  custody: Pick<Custody, 'hmacPacked'>,
  name: keyof ReturnType<typeof keyTexts>,
  texts: PackedTexts,
): Promise<Uint8Array> {
  return custody.hmacPacked(`issuer ${name}`, texts);
}

/** {@link ResultKeys.holderKey} of an identity document, to ask whether it is the one a certificate was issued for. */
export async function holderKeyOf(
  custody: Pick<Custody, 'hmacAll'>,
  document: { idNumber: string; idType: string },
): Promise<string> {
  const [key = ''] = await holderKeysOf(custody, [document]);
  return key;
}

/** {@link holderKeyOf} of many, in order, in one call to custody. */
export function holderKeysOf(
  custody: Pick<Custody, 'hmacAll'>,
  documents: readonly { idNumber: string; idType: string }[],
): Promise<string[]> {
  const plain = documents.map(({ idNumber, idType }) => ({ idNumber: idNumber.toUpperCase(), idType }));
  return hmacTexts(custody, 'holder', plain);
}

/** HMAC of a text that holds personal data, as hex. */
export async function fingerprintOf(custody: Pick<Custody, 'hmac'>, text: string): Promise<string> {
  return hex(await custody.hmac('issuer idempotency', new TextEncoder().encode(text)));
}

function documentOf({ holder }: ExamResult): { idNumber: string; idType: string } {
  return { idNumber: holder.idNumber.toUpperCase(), idType: holder.idType };
}

function duplicateOf(exam: ExamResult): object {
  return certifiedFor(exam, documentOf(exam));
}

function shownOf(draft: CertificateDraft): object {
  const { name, identityDocumentType, identityDocumentLastFour } = draft.holder;
  return certifiedFor(draft, { holder: [name, identityDocumentType, identityDocumentLastFour] });
}

/** What makes two results of one person the same. */
function certifiedFor(
  result: Pick<CertificateDraft, 'kind' | 'level' | 'assessment' | 'specification' | 'competition' | 'training'> & {
    occupation?: { catalogueEdition: string; code: string; trade?: string | undefined } | undefined;
  },
  who: { holder?: readonly string[]; idNumber?: string; idType?: string },
): object {
  const { kind, occupation, level, assessment, specification, competition, training } = result;
  return {
    assessment: [assessment.id, assessment.date],
    competition: competition && [competition.filingNumber, competition.event],
    holder: who.holder,
    idNumber: who.idNumber,
    idType: who.idType,
    kind,
    level: level && [level.framework, level.value],
    occupation: occupation && [occupation.catalogueEdition, occupation.code, occupation.trade ?? ''],
    specification: specification?.code,
    training: training?.title,
  };
}

/** What may be a half of a surrogate pair, which JSON.stringify escapes and RFC 8785 refuses. */
const LONE_SURROGATE = /\\ud[89a-f]/;

/**
 * Canonical JSON (RFC 8785) of an object of texts and lists of texts whose members already stand in the order of their names; what
 * JSON.stringify writes is canonical then.
 */
function canonicalText(value: object): string {
  const text = JSON.stringify(value);
  return LONE_SURROGATE.test(text) ? (canonicalize(value) ?? '') : text;
}

async function hmacTexts(
  custody: Pick<Custody, 'hmacAll'>,
  purpose: string,
  values: readonly object[],
): Promise<string[]> {
  const macs = await custody.hmacAll(`issuer ${purpose}`, values.map(canonicalText));
  return macs.map(hex);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
