import canonicalize from 'canonicalize';
import { YizhengError } from '../errors.js';
import type { ProofSuite } from '../proof/types.js';
import { sha256Hex } from '../trust/digest.js';
import { instant } from '../trust/time.js';
import type { TrustView } from '../trust/trust-view.js';
import type { Answer } from '../trust/types.js';
import { readCertificate } from './read-certificate.js';
import { headlineOf } from './headline.js';
import { receiptDigest, type Receipt } from './receipt.js';
import { QUESTIONS, type Finding, type Question, type Verdict } from './types.js';
import { verify } from './verify.js';

/** What became of a statement the receipt rests on, in the data held today. */
export type StatementState = 'unchanged' | 'changed' | 'ended' | 'not-held';

/** What checking a receipt again gave. Plain JSON. */
export interface ReceiptRecheck {
  type: 'YizhengRecheck';
  v: 1;
  receipt: { digest: string; checkedAt: string; anchor: string };
  /** Is every part of the receipt as it was written, and do they agree? `RECEIPT_INTACT`, `RECEIPT_CHANGED`, `RECEIPT_CONTRADICTORY`. */
  intact: { answer: Answer; code: string };
  /**
   * Did the rules of that time say so? `RECEIPT_CONFIRMED` (byte for byte), `RECEIPT_CONFIRMED_OTHER_TIMES` (same answers, the data was
   * confirmed at another hour), `RECEIPT_NOT_CONFIRMED`, and as unknown `RECEIPT_DATA_MISSING`, `RECEIPT_DATA_OTHER`.
   */
  then: {
    answer: Answer;
    code: string;
    /** What the same question gives now with the data of that time. */
    verdict?: Verdict;
    /** Questions answered otherwise. */
    differs: Question[];
    /** Questions that could not be asked again: what the receipt says of them rests on whoever wrote it. */
    notRepeated: Question[];
  };
  /** The statements the receipt rests on, as they stand today. */
  statements: { id: string; authority: string; state: StatementState }[];
  /** Is the root the receipt names one of those believed here? Null when the receipt names none. */
  rootKnown: boolean | null;
  /** The program that wrote the receipt has another version, so its rules may have differed. */
  otherProgram: boolean;
  /** What would be said today. */
  today: Verdict;
}

/** What a receipt is checked against. */
export interface RecheckContext {
  /** Trust data held today. */
  trust: TrustView;
  /** By whose rules today's question is asked; those of the receipt unless given. */
  anchor?: string | undefined;
  /** Now, RFC 3339. */
  now: string;
  /** Version of this program. */
  version: string;
  /** Data of that time, believed from a root known here; see `viewOfThen`. */
  then?: TrustView | undefined;
  /** Digests of the roots believed here for the receipt's anchor, `uEi…`. */
  knownRoots?: readonly string[];
  suite?: ProofSuite | undefined;
}

/**
 * Checks a receipt again: is it intact, what did the rules of that time say, what would be said today. Pure, without network. What
 * cannot be repeated without the data of that time is named, never assumed.
 * @throws YizhengError `JSON_*` when the certificate inside is no JSON object
 */
export async function recheckReceipt(receipt: Receipt, context: RecheckContext): Promise<ReceiptRecheck> {
  const { trust, now, suite } = context;
  const input = { carrier: receipt.verdict.input.carrier, json: receipt.certificate.json };
  const options = suite ? { suite } : {};
  const today = await verify(input, { trust, anchor: context.anchor ?? receipt.anchor.authority, now, ...options });
  const { root } = receipt.anchor;
  return {
    type: 'YizhengRecheck',
    v: 1,
    receipt: { digest: receipt.digest, checkedAt: receipt.checkedAt, anchor: receipt.anchor.authority },
    intact: intactness(receipt),
    then: await repeat(receipt, context, (then) =>
      verify(input, { trust: then, anchor: receipt.anchor.authority, now: receipt.checkedAt, ...options }),
    ),
    statements: receipt.data.statements.map(({ id, authority, sha256 }) => ({
      id,
      authority,
      state: stateToday(id, authority, sha256, trust, now),
    })),
    rootKnown: root && (context.knownRoots ?? []).includes(root.digestMultibase),
    otherProgram: receipt.program.version !== context.version,
    today,
  };
}

function intactness(receipt: Receipt): ReceiptRecheck['intact'] {
  if (receiptDigest(receipt) !== receipt.digest) return { answer: 'fail', code: 'RECEIPT_CHANGED' };
  return agrees(receipt)
    ? { answer: 'pass', code: 'RECEIPT_INTACT' }
    : { answer: 'fail', code: 'RECEIPT_CONTRADICTORY' };
}

function agrees({ certificate, verdict, anchor, checkedAt, data }: Receipt): boolean {
  return (
    sha256Hex(certificate.json) === certificate.sha256 &&
    verdict.input.sha256 === certificate.sha256 &&
    verdict.trust.anchor === anchor.authority &&
    (verdict.decision?.anchor ?? anchor.authority) === anchor.authority &&
    verdict.evaluatedAt === checkedAt &&
    same(
      verdict.trust.feeds,
      data.feeds.map(({ authority, sequence, manifestSha256 }) => ({ authority, sequence, manifestSha256 })),
    ) &&
    same(verdict.certificate, recordOf(certificate.json, verdict.certificate))
  );
}

/** The certificate as it reads in the JSON, with the names the verdict gives issuer and authority. */
function recordOf(json: string, shown: Verdict['certificate']): Verdict['certificate'] {
  if (!shown) return undefined;
  try {
    const record = readCertificate(json)?.record;
    if (!record) return undefined;
    const { issuer, authority } = record;
    return {
      ...record,
      issuer: { id: issuer.id, name: shown.issuer.name },
      authority: { id: authority.id, name: shown.authority.name },
    };
  } catch (error) {
    if (error instanceof YizhengError) return undefined;
    throw error;
  }
}

async function repeat(
  receipt: Receipt,
  { then }: RecheckContext,
  ask: (then: TrustView) => Promise<Verdict>,
): Promise<ReceiptRecheck['then']> {
  const asked = QUESTIONS.filter((question) => receipt.verdict.questions[question].code !== 'NOT_CHECKED');
  if (!then) return { answer: 'unknown', code: 'RECEIPT_DATA_MISSING', differs: [], notRepeated: asked };
  if (!same(receipt.verdict.trust.feeds, then.feeds))
    return { answer: 'unknown', code: 'RECEIPT_DATA_OTHER', differs: [], notRepeated: asked };
  const { holder } = receipt.verdict.questions;
  const notRepeated: Question[] = PROVEN_THEN.has(holder.code) ? ['holder'] : [];
  const again = await ask(then);
  const verdict = notRepeated.length === 0 ? again : withHolder(again, holder);
  if (same(verdict, receipt.verdict))
    return { answer: 'pass', code: 'RECEIPT_CONFIRMED', verdict, differs: [], notRepeated };
  const differs = QUESTIONS.filter((question) => !sameAnswer(verdict, receipt.verdict, question));
  return differs.length === 0 && same(substance(verdict), substance(receipt.verdict))
    ? { answer: 'pass', code: 'RECEIPT_CONFIRMED_OTHER_TIMES', verdict, differs, notRepeated }
    : { answer: 'fail', code: 'RECEIPT_NOT_CONFIRMED', verdict, differs, notRepeated };
}

/** Answers that rest on a signature the holder made for the moment: a receipt keeps the certificate, and that signature is gone. */
const PROVEN_THEN: ReadonlySet<string> = new Set([
  'HOLDER_BOUND',
  'HOLDER_LINK',
  'HOLDER_KEY_MISMATCH',
  'HOLDER_PROOF_EXPIRED',
  'HOLDER_PROOF_INVALID',
  'HOLDER_CLOCK_DIFFERS',
]);

function withHolder(verdict: Verdict, holder: Finding): Verdict {
  const questions = { ...verdict.questions, holder };
  return { ...verdict, questions, headline: headlineOf(questions, verdict.decision) };
}

function sameAnswer(a: Verdict, b: Verdict, question: Question): boolean {
  const [x, y] = [a.questions[question], b.questions[question]];
  return same({ ...x, asOf: null }, { ...y, asOf: null });
}

/** What a verdict says, without up to when its data was confirmed. */
function substance({ headline, certificate, credentialId, decision, input, evaluatedAt }: Verdict): object {
  return { headline, certificate, credentialId, input, evaluatedAt, decision: { ...decision, dataAsOf: null } };
}

function stateToday(id: string, authority: string, sha256: string, trust: TrustView, now: string): StatementState {
  const row =
    trust.accreditation(authority, id) ?? trust.feedOf(authority)?.recognitions.find((found) => found.id === id);
  if (!row) return 'not-held';
  if (sha256Hex(canonicalize(row) ?? '') !== sha256) return 'changed';
  const over = trust.endOf(authority, id);
  const until = row.actions.map(({ validUntil }) => (validUntil === undefined ? Infinity : instant(validUntil)));
  return Math.min(over ?? Infinity, Math.max(...until)) <= instant(now) ? 'ended' : 'unchanged';
}

function same(a: unknown, b: unknown): boolean {
  return canonicalize(a) === canonicalize(b);
}
