import canonicalize from 'canonicalize';
import { YizhengError } from '../errors.js';
import { sha256Hex } from '../trust/digest.js';
import { statementsOnPath } from '../trust/explain/find-statement.js';
import type { TrustView } from '../trust/trust-view.js';
import { readCertificate } from './read-certificate.js';
import { checkedBySchema, type Receipt, type ReceiptRoot } from './receipt-schema.js';
import type { Verdict } from './types.js';

export type { Receipt, ReceiptRoot } from './receipt-schema.js';

/** What a receipt is made from. */
export interface ReceiptInput {
  verdict: Verdict;
  /** The signed text the verdict is about, as it was given to `verify`. */
  json: string;
  /** The view the verdict was found with. */
  trust: TrustView;
  /** Root from which the anchor's data was believed, as {@link rootOf} gives it. */
  anchorRoot?: ReceiptRoot | undefined;
  /** Version of this program, which is the version of the rules. */
  version: string;
  /** Who checked, as the reader writes it; at most 60 characters, no ID number. */
  checkedBy?: string | undefined;
}

/**
 * Makes the receipt (核验回执) an employer keeps: what was judged, by whose rules, on which data, with what result (DOMAIN M08). It holds
 * the certificate as signed, so nothing else is needed to check it again; of ID numbers only what the certificate shows.
 * @returns the receipt with its digest; the same input gives the same receipt
 * @throws YizhengError `RECEIPT_OTHER_CERTIFICATE` when the JSON is not what the verdict is about, `RECEIPT_CHECKED_BY` for a text
 *   that is too long, holds invisible characters or an ID number
 */
export function createReceipt(input: ReceiptInput): Receipt {
  const { verdict, json, trust, anchorRoot } = input;
  if (sha256Hex(json) !== verdict.input.sha256)
    throw new YizhengError('RECEIPT_OTHER_CERTIFICATE', 'The verdict is about another certificate.', { status: 422 });
  const checkedBy = readCheckedBy(input.checkedBy);
  const { anchor, anchorName } = verdict.trust;
  return withDigest({
    type: 'YizhengReceipt',
    v: 1,
    program: { name: 'yizheng', version: input.version },
    checkedAt: verdict.evaluatedAt,
    ...(checkedBy !== undefined && { checkedBy }),
    certificate: { json, sha256: verdict.input.sha256 },
    anchor: { authority: anchor, ...(anchorName !== undefined && { name: anchorName }), root: anchorRoot ?? null },
    data: {
      feeds: trust.feeds.map((feed) => ({ ...feed, ...timesOf(trust, feed.authority) })),
      statusLists: statusListsOf(json, verdict, trust),
      statements: verdict.decision ? statementDigests(anchor, verdict.decision.path, trust) : [],
      reviews: trust
        .reviewsOf(verdict.certificate?.issuer.id ?? '')
        .map(({ id, authority, result }) => ({ id, authority, result })),
    },
    verdict,
  });
}

/** SHA-256 (hex) over the receipt without its digest, in canonical JSON (RFC 8785). */
export function receiptDigest(receipt: Omit<Receipt, 'digest'>): string {
  const { digest: _, ...body } = receipt as Receipt;
  return sha256Hex(canonicalize(body) ?? '');
}

/** The receipt with its digest as last member. */
export function withDigest(receipt: Omit<Receipt, 'digest'>): Receipt {
  return { ...receipt, digest: receiptDigest(receipt) };
}

/** Digests of the statements a decision rests on, from the anchor down; canonical JSON (RFC 8785), SHA-256, hex. */
export function statementDigests(
  anchor: string,
  path: readonly string[],
  trust: TrustView,
): Receipt['data']['statements'] {
  const { recognitions, accreditation } = statementsOnPath(anchor, path, trust);
  return [...recognitions, ...(accreditation ? [accreditation] : [])].map((row) => ({
    id: row.id,
    authority: row.authority,
    sha256: sha256Hex(canonicalize(row) ?? ''),
  }));
}

function readCheckedBy(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  if (trimmed === undefined || trimmed === '') return undefined;
  const parsed = checkedBySchema.safeParse(trimmed.normalize('NFC'));
  if (parsed.success) return parsed.data;
  throw new YizhengError(
    'RECEIPT_CHECKED_BY',
    'Who checked: at most 60 characters, a name or department, without ID number and invisible characters.',
    { at: 'checkedBy', status: 422 },
  );
}

function timesOf(
  trust: TrustView,
  authority: string,
): Pick<Receipt['data']['feeds'][number], 'name' | 'issuedAt' | 'nextUpdate' | 'staleAfter'> {
  const feed = trust.feedOf(authority);
  return {
    name: trust.authorityName(authority) ?? authority,
    issuedAt: feed?.issuedAt ?? '',
    nextUpdate: feed?.nextUpdate ?? '',
    staleAfter: feed?.staleAfter ?? '',
  };
}

function statusListsOf(json: string, { certificate }: Verdict, trust: TrustView): Receipt['data']['statusLists'] {
  if (!certificate) return [];
  return (readCertificate(json)?.credentialStatus ?? []).flatMap(({ statusListCredential }) => {
    const list = trust.statusListOf(statusListCredential, certificate.authority.id);
    return list ? [{ url: list.url, sha256: sha256Hex(list.credential), asOf: list.asOf }] : [];
  });
}
