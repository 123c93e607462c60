import { z } from 'zod';
import { certificateText } from '../certificate/text.js';
import { certificateRecordSchema, schemaError } from '../certificate/record.js';
import { YizhengError } from '../errors.js';
import { parseJsonObject } from '../json/parse-json.js';
import { personalClaimsSchema } from '../proof/forms/personal-facts.js';
import { MAX_SD_JWT_LENGTH } from '../proof/sd-jwt/open-sd-jwt.js';
import { QUESTIONS, type Verdict } from './types.js';

/** Root from which the anchor's data was believed. */
export interface ReceiptRoot {
  version: number;
  /** `uEi…`, as the authority announces it. */
  digestMultibase: string;
}

/** What an employer keeps of a verification (DOMAIN M08). Plain JSON; see `createReceipt`. */
export interface Receipt {
  type: 'YizhengReceipt';
  v: 1;
  /** The program that judged; its version is the version of the rules. */
  program: { name: 'yizheng'; version: string };
  /** RFC 3339. */
  checkedAt: string;
  checkedBy?: string;
  /** The certificate exactly as signed: JSON, or the text of a compact form. */
  certificate: { json: string; sha256: string };
  /** By whose rules, and the root its data was believed from; null when the program was not told. */
  anchor: { authority: string; name?: string; root: ReceiptRoot | null };
  /** The trust data of that moment, named so exactly that another copy of it can be recognised. */
  data: {
    feeds: {
      authority: string;
      name: string;
      sequence: number;
      manifestSha256: string;
      issuedAt: string;
      nextUpdate: string;
      staleAfter: string;
    }[];
    /** Status lists that were asked. */
    statusLists: { url: string; sha256: string; asOf: string }[];
    /** Statements the decision rests on, from the anchor down to the accreditation. */
    statements: { id: string; authority: string; sha256: string }[];
    /** Cross-reviews (互评) of the institution that were known. */
    reviews: { id: string; authority: string; result: 'pass' | 'concern' | 'fail' }[];
  };
  verdict: Verdict;
  /** See `receiptDigest`. It shows damage and carelessness, not forgery: whoever rewrites a receipt can compute a new one. */
  digest: string;
}

/** Largest receipt file, in bytes. */
export const MAX_RECEIPT_BYTES = 256 * 1024;
const LIMITS = { maxBytes: MAX_RECEIPT_BYTES, maxDepth: 16, maxNodes: 5_000 };

const ID_NUMBER = /(?<![0-9])\d{17}[\dXx](?![0-9])|(?<![0-9])\d{15}(?![0-9])/;
/** Who checked. */
export const checkedBySchema = certificateText(60).refine((text) => !ID_NUMBER.test(text), 'holds an ID number');

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const did = z.string().min(1).max(300);
const text = z.string().max(400);
const instant = z.string().max(40);
const instantOrNull = instant.nullable();
const code = z.string().regex(/^[A-Z][A-Z0-9_]{2,60}$/);
const reason = z.strictObject({ code, ref: text.optional() });
const finding = z.strictObject({
  answer: z.enum(['pass', 'fail', 'unknown']),
  code,
  params: z.record(z.string().max(40), text),
  asOf: instantOrNull,
  reasons: z.array(reason).max(200),
});
const named = z.strictObject({ id: did, name: z.string().max(400) });
/** A record whose names are those of the trust data, which may be a DID where there is none; its holder may have hidden himself. */
const shownRecord = z
  .looseObject({ issuer: named, authority: named, holder: z.looseObject({}) })
  .superRefine((record, context) => {
    const name = '—';
    const plain = {
      ...record,
      issuer: { ...record.issuer, name },
      authority: { ...record.authority, name },
      holder: { name, identityDocumentLastFour: '0000', ...record.holder },
    };
    const parsed = certificateRecordSchema.safeParse(plain);
    if (!parsed.success) context.addIssue({ code: 'custom', message: 'is no certificate' });
  });
const outcome = z.enum(['recognised', 'recognised-with-conditions', 'not-recognised', 'undetermined']);
const level = z.strictObject({ framework: z.string().max(30), value: z.string().max(30) });

const decision = z.strictObject({
  outcome,
  reasons: z.array(reason).max(200),
  as: z.strictObject({ kind: z.string().max(40), occupation: text.optional(), level: level.optional() }).optional(),
  treatment: z
    .array(z.enum(['full', 'deemed-level', 'exempt-safety-training', 'exempt-theory', 'apply-next-level']))
    .max(10),
  obligations: z.array(z.enum(['safety-training', 'theory-exam', 'practical-exam', 'next-level-exam'])).max(10),
  entitlements: z.array(z.strictObject({ type: z.literal('apply-next-level'), above: level })).max(10),
  path: z.array(text).max(20),
  mutual: z.boolean(),
  anchor: did,
  evaluatedAt: instant,
  dataAsOf: instantOrNull,
  wouldBe: outcome.optional(),
});

const feedReference = { authority: did, sequence: z.int().min(0), manifestSha256: sha256 };
const verdictSchema = z.strictObject({
  type: z.literal('YizhengVerdict'),
  version: z.literal(1),
  headline: z.enum(['accepted', 'accepted-with-conditions', 'refused', 'undetermined']),
  questions: z.strictObject(Object.fromEntries(QUESTIONS.map((question) => [question, finding]))),
  certificate: shownRecord.optional(),
  credentialId: text.optional(),
  personal: personalClaimsSchema.optional(),
  notShown: z.array(z.string().max(60)).max(20).optional(),
  input: z.strictObject({ carrier: z.string().max(20), sha256 }),
  decision: decision.optional(),
  trust: z.strictObject({
    anchor: did,
    anchorName: text.optional(),
    freshness: z.enum(['fresh', 'grace', 'stale']).nullable(),
    dataAsOf: instantOrNull,
    goodUntil: instantOrNull,
    feeds: z.array(z.strictObject(feedReference)).max(500),
  }),
  evaluatedAt: instant,
});

const receiptSchema = z.strictObject({
  type: z.literal('YizhengReceipt'),
  v: z.literal(1),
  program: z.strictObject({ name: z.literal('yizheng'), version: z.string().max(40) }),
  checkedAt: z.iso.datetime({ offset: true }),
  checkedBy: checkedBySchema.optional(),
  certificate: z.strictObject({ json: z.string().max(MAX_SD_JWT_LENGTH), sha256 }),
  anchor: z.strictObject({
    authority: did,
    name: text.optional(),
    root: z
      .strictObject({ version: z.int().min(1), digestMultibase: z.string().regex(/^uEi[A-Za-z0-9_-]{44}$/) })
      .nullable(),
  }),
  data: z.strictObject({
    feeds: z
      .array(
        z.strictObject({ ...feedReference, name: text, issuedAt: instant, nextUpdate: instant, staleAfter: instant }),
      )
      .max(500),
    statusLists: z.array(z.strictObject({ url: text, sha256, asOf: instant })).max(10),
    statements: z.array(z.strictObject({ id: text, authority: did, sha256 })).max(20),
    reviews: z
      .array(z.strictObject({ id: text, authority: did, result: z.enum(['pass', 'concern', 'fail']) }))
      .max(200),
  }),
  verdict: verdictSchema,
  digest: sha256,
});

/**
 * Reads a receipt file. Only its form is checked; whether it is intact and true is asked of `recheckReceipt`.
 * @param input the file, or its JSON text; at most {@link MAX_RECEIPT_BYTES}
 * @throws YizhengError `RECEIPT_INVALID` for JSON that is no receipt, `RECEIPT_VERSION` for one of a later program, `JSON_*`
 */
export function parseReceipt(input: Uint8Array | string): Receipt {
  const value = parseJsonObject(input, LIMITS);
  if (value['type'] === 'YizhengReceipt' && typeof value['v'] === 'number' && value['v'] > 1)
    throw new YizhengError('RECEIPT_VERSION', 'A later version of Yizheng wrote this receipt; update this program.', {
      status: 422,
    });
  const parsed = receiptSchema.safeParse(value);
  if (!parsed.success) throw schemaError('RECEIPT_INVALID', parsed.error);
  return parsed.data as unknown as Receipt;
}
