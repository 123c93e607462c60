import { base64urlnopad } from '@scure/base';
import { YizhengError } from '../../errors.js';
import { parseJsonObject, type JsonLimits, type JsonObject } from '../../json/parse-json.js';

/** A compact JWS (RFC 7515 §7.1) taken apart. Nothing in it is proven yet. */
export interface CompactJws {
  /** The protected header; there is no other one in this form. */
  header: JsonObject;
  payload: Uint8Array;
  signature: Uint8Array;
  /** The bytes that were signed. */
  signingInput: Uint8Array;
}

/** Longest compact JWS that is read unless a caller says otherwise, characters. */
export const MAX_JWS_LENGTH = 128 * 1024;

const HEADER_LIMITS: JsonLimits = { maxBytes: 16 * 1024, maxDepth: 6, maxNodes: 40 };

/**
 * Takes a compact JWS apart without believing any of it: for finding out whose key it claims. Use `verifyCompactJws` to check it.
 * @param text `header.payload.signature`, base64url without padding, written in the one canonical way
 * @param options `maxLength`: characters, {@link MAX_JWS_LENGTH} unless given
 * @throws YizhengError `JOSE_TOO_LARGE` (413), `JOSE_FORMAT`, `JOSE_HEADER` (the header is no JSON object, has duplicate members …),
 *   `JOSE_CRIT`, `JOSE_B64`
 */
export function readCompactJws(text: string, options: { maxLength?: number } = {}): CompactJws {
  const { maxLength = MAX_JWS_LENGTH } = options;
  if (text.length > maxLength)
    throw new YizhengError('JOSE_TOO_LARGE', `The signed text is longer than ${maxLength} characters.`, {
      status: 413,
    });
  const [protectedPart = '', payloadPart = '', signaturePart = '', ...rest] = text.split('.', 4);
  if (protectedPart === '' || signaturePart === '' || rest.length > 0) throw notCompact();
  const header = readHeader(decode(protectedPart));
  return {
    header,
    payload: decode(payloadPart),
    signature: decode(signaturePart),
    signingInput: new TextEncoder().encode(`${protectedPart}.${payloadPart}`),
  };
}

function readHeader(bytes: Uint8Array): JsonObject {
  let header: JsonObject;
  try {
    header = parseJsonObject(bytes, HEADER_LIMITS);
  } catch (cause) {
    throw new YizhengError(
      'JOSE_HEADER',
      'The header of the signed text is not JSON that can be read in one way only.',
      {
        cause,
      },
    );
  }
  if (Object.hasOwn(header, 'crit'))
    throw new YizhengError('JOSE_CRIT', 'The header demands extensions ("crit") that are not supported.');
  if (Object.hasOwn(header, 'b64'))
    throw new YizhengError('JOSE_B64', 'The header declares an unencoded payload ("b64"), which is not supported.');
  return header;
}

function decode(part: string): Uint8Array {
  try {
    return base64urlnopad.decode(part);
  } catch (cause) {
    throw notCompact(cause);
  }
}

function notCompact(cause?: unknown): YizhengError {
  return new YizhengError('JOSE_FORMAT', 'Not a compact JWS: three parts of base64url with dots between.', { cause });
}
