import { decode } from 'cborg';
import { YizhengError } from '../../errors.js';
import { COSE_HEADER } from './algorithms.js';
import { COSE_SIGN1_TAG, sigStructure } from './sign-cose-sign1.js';

/** A COSE_Sign1 taken apart. Nothing in it is proven yet. */
export interface CoseSign1 {
  /** `alg` of the protected header. */
  alg: unknown;
  /** `kid` as text, from the protected header or, as a hint, from the unprotected one. */
  kid?: string;
  /** `typ` of the protected header. */
  typ?: string;
  /** Content type of the protected header. */
  contentType?: string;
  payload: Uint8Array;
  signature: Uint8Array;
  /** The bytes that were signed. */
  signingInput: Uint8Array;
}

/** Largest COSE_Sign1 that is read, bytes. */
export const MAX_COSE_BYTES = 96 * 1024;

const STRICT = {
  allowIndefinite: false,
  allowUndefined: false,
  allowNaN: false,
  allowInfinity: false,
  strict: true,
  rejectDuplicateMapKeys: true,
  useMaps: true,
} as const;

/**
 * Takes a COSE_Sign1 apart, tagged or not (RFC 9052 §4.2): deterministic lengths, no label twice, payload attached.
 * @throws YizhengError `COSE_TOO_LARGE` (413), `COSE_FORMAT`, `COSE_HEADER` (a label in both headers, `alg` unprotected, a member of a
 *   wrong type), `COSE_CRIT`
 */
export function readCoseSign1(bytes: Uint8Array): CoseSign1 {
  if (bytes.length > MAX_COSE_BYTES)
    throw new YizhengError('COSE_TOO_LARGE', `The COSE message is larger than ${MAX_COSE_BYTES} bytes.`, {
      status: 413,
    });
  const parts = decoded(bytes, { tags: { [COSE_SIGN1_TAG]: (inner: () => unknown) => inner() } });
  if (!Array.isArray(parts) || parts.length !== 4) throw notSign1();
  const [protectedBytes, unprotectedHeader, payload, signature] = parts as unknown[];
  const areBytes = [protectedBytes, payload, signature].every((part) => part instanceof Uint8Array);
  if (!areBytes || !(unprotectedHeader instanceof Map)) throw notSign1();
  const [protectedPart, content, sealed] = [protectedBytes, payload, signature] as Uint8Array[];
  if (!protectedPart || !content || !sealed) throw notSign1();
  const header = protectedPart.length === 0 ? new Map() : decoded(protectedPart, {});
  if (!(header instanceof Map)) throw badHeader();
  if ([...header.keys()].some((label) => unprotectedHeader.has(label))) throw badHeader();
  if (unprotectedHeader.has(COSE_HEADER.alg) || unprotectedHeader.has(COSE_HEADER.crit)) throw badHeader();
  if (header.has(COSE_HEADER.crit))
    throw new YizhengError('COSE_CRIT', 'The header of the COSE message demands extensions that are not supported.');
  const kid: unknown = header.get(COSE_HEADER.kid) ?? unprotectedHeader.get(COSE_HEADER.kid);
  const typ: unknown = header.get(COSE_HEADER.typ);
  const contentType: unknown = header.get(COSE_HEADER.contentType);
  if (!isTextOrAbsent(typ) || !isTextOrAbsent(contentType) || !(kid === undefined || kid instanceof Uint8Array))
    throw badHeader();
  return {
    alg: header.get(COSE_HEADER.alg),
    ...(kid !== undefined && { kid: textOf(kid) }),
    ...(typ !== undefined && { typ }),
    ...(contentType !== undefined && { contentType }),
    payload: content,
    signature: sealed,
    signingInput: sigStructure(protectedPart, content),
  };
}

function decoded(bytes: Uint8Array, options: Parameters<typeof decode>[1]): unknown {
  try {
    return decode(bytes, { ...STRICT, ...options });
  } catch (cause) {
    throw notSign1(cause);
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw badHeader(cause);
  }
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function notSign1(cause?: unknown): YizhengError {
  return new YizhengError('COSE_FORMAT', 'Not a COSE_Sign1 message with its payload.', { cause });
}

function badHeader(cause?: unknown): YizhengError {
  return new YizhengError('COSE_HEADER', 'The headers of the COSE message cannot be read in one way only.', { cause });
}
