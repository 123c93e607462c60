import type { Knex } from 'knex';
import type { KeyInfo } from '../../keys/custody.js';
import type { KindId } from '../../shared/certificate/kind.js';
import { authorise } from '../../shared/trust/authorise.js';
import { certificateFacts } from '../../shared/trust/certificate-facts.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import type { Answer, RegistryEvent } from '../../shared/trust/types.js';
import { viewWithEvent } from '../../shared/trust/view-with-event.js';
import {
  IS_RESERVED,
  recordOfRow,
  storedCertificates,
  type CertificateStatus,
  type StoredCertificate,
} from '../certificate-row.js';
import type { Institution } from '../institutions.js';
import { wholeSecond } from '../time.js';

/** What a verifier says of the issuer's right to a certificate: answer and first reason (DESIGN §2, question 2). */
export interface VerifierWord {
  answer: Answer;
  code: string;
}

/** Certificates of one kind and status, signed before or since a key was lost, and what becomes of them. */
export interface AffectedGroup {
  kind: KindId;
  status: CertificateStatus;
  /** Signed at or after the instant. */
  isSince: boolean;
  certificates: number;
  /** What a verifier with the authority's newest data says now, and once the authority has revoked the key. */
  now: VerifierWord;
  then: VerifierWord;
}

/** What follows when a key is reported to be in other hands since an instant. */
export interface CompromisePreview {
  keyId: string;
  since: string;
  groups: AffectedGroup[];
  /** Certificates that stop being accepted: neither revoked now nor refused now. */
  refused: number;
  /** Of those, signed at or after the instant: each must be checked against the institution's own papers. */
  refusedSince: number;
  /** Not revoked, of any verdict: to be issued anew with another key. */
  toReissue: number;
  /** Certificates handed to wallets in other forms, signed with the same key. */
  walletForms: number;
  /** Reserved and not signed yet: another key signs them, or they are given up. */
  reserved: number;
  /** Does another key of the institution sign now? Without one issuing stops, and status lists grow old. */
  hasOtherKey: boolean;
}

interface GroupRow {
  kind: KindId;
  status: CertificateStatus;
  is_since: number | string;
  certificates: number | string;
  sample: string;
}

/**
 * What the authority will publish about a key in other hands (TRUST §2.2 c), as it stands in the notice to it. It takes effect with the next
 * second, as the key's own end does: what was signed in this one is judged by the loss, not by the end.
 */
export function compromiseEvent(
  { did, authority }: Pick<Institution, 'did' | 'authority'>,
  keyId: string,
  { since, now }: { since: string; now: Date },
): RegistryEvent {
  return {
    id: `urn:yizheng:event:preview-${now.getTime()}`,
    authority,
    about: did,
    event: 'key-revoked',
    cause: 'integrity',
    effectiveFrom: wholeSecond(new Date(now.getTime() + 1000)),
    keyId,
    reason: 'compromised',
    compromisedSince: since,
  };
}

/**
 * Counts what a key signed and asks the verifier's own decision about one certificate of each group, with the authority's data as they are
 * and with the key revoked. Reads only.
 * @param view what the authority says; undefined before its first bundle
 * @param since RFC 3339 UTC with whole seconds
 */
export async function previewCompromise(
  knex: Knex,
  request: {
    institution: Institution;
    key: KeyInfo;
    since: string;
    now: Date;
    view: TrustView | undefined;
    hasOtherKey: boolean;
  },
): Promise<CompromisePreview> {
  const { institution, key, since, now, view } = request;
  const event = compromiseEvent(institution, key.id, { since, now });
  const after = view && viewWithEvent(view, institution.authority, event);
  const of = { institution: institution.code, key_id: key.id };
  const signed = knex('certificates')
    .where({ ...of, state: 'issued' })
    .select('id', 'kind', 'status', knex.raw('case when proof_created >= ? then 1 else 0 end as is_since', [since]))
    .as('signed');
  const rows: GroupRow[] = await knex
    .from(signed)
    .groupBy('kind', 'status', 'is_since')
    .select('kind', 'status', 'is_since')
    .count({ certificates: '*' })
    .min({ sample: 'id' });
  const groups: AffectedGroup[] = [];
  for (const row of rows) {
    const sample: StoredCertificate | undefined = await storedCertificates(knex).where({ id: row.sample }).first();
    const said = (seen: TrustView | undefined): VerifierWord => wordOf(sample, seen, key, now);
    groups.push({
      kind: row.kind,
      status: row.status,
      isSince: Number(row.is_since) === 1,
      certificates: Number(row.certificates),
      now: said(view),
      then: said(after),
    });
  }
  const sum = (chosen: (group: AffectedGroup) => boolean): number =>
    groups.filter(chosen).reduce((total, { certificates }) => total + certificates, 0);
  const isRefused = (group: AffectedGroup): boolean =>
    group.status !== 'revoked' && group.now.answer !== 'fail' && group.then.answer === 'fail';
  return {
    keyId: key.id,
    since,
    groups: groups.toSorted(inOrder),
    refused: sum(isRefused),
    refusedSince: sum((group) => isRefused(group) && group.isSince),
    toReissue: sum(({ status }) => status !== 'revoked'),
    walletForms: await count(
      knex('certificate_forms')
        .join('certificates', 'certificates.id', 'certificate_forms.certificate')
        .where({ 'certificates.institution': institution.code, 'certificate_forms.key_id': key.id }),
    ),
    reserved: await count(knex('certificates').where(of).whereRaw(IS_RESERVED)),
    hasOtherKey: request.hasOtherKey,
  };
}

function wordOf(
  row: StoredCertificate | undefined,
  view: TrustView | undefined,
  key: KeyInfo,
  now: Date,
): VerifierWord {
  if (!row || !view) return { answer: 'unknown', code: 'AUTHORITY_UNKNOWN' };
  const { id: verificationMethod, publicKeyMultibase } = key;
  const facts = certificateFacts(recordOfRow(row), {
    verificationMethod,
    created: row.proof_created,
    publicKeyMultibase,
  });
  const { answer, reasons } = authorise(facts, view, { now: now.toISOString() });
  return { answer, code: reasons[0]?.code ?? 'AUTHORITY_UNKNOWN' };
}

function inOrder(a: AffectedGroup, b: AffectedGroup): number {
  const place = ({ isSince, kind, status }: AffectedGroup): string => `${isSince ? 0 : 1} ${kind} ${status}`;
  return place(a) < place(b) ? -1 : 1;
}

async function count(query: Knex.QueryBuilder): Promise<number> {
  const [row]: { rows: number | string }[] = await query.count({ rows: '*' });
  return Number(row?.rows ?? 0);
}
