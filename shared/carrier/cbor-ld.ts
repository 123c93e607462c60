import { decode, encode, type DocumentLoader } from '@digitalbazaar/cborld';
import { util } from '@digitalbazaar/vpqr';
import { base32nopad } from '@scure/base';
import { certificateCredentialSchema } from '../certificate/credential.js';
import { YizhengError } from '../errors.js';
import { isJsonObject, parseJsonObject, type JsonObject } from '../json/parse-json.js';

/** Beginning of a CBOR-LD QR text. */
export const CBOR_LD_PREFIX = 'VP1-';
/** Largest CBOR-LD payload (SECURITY F14). */
export const MAX_CBOR_LD_BYTES = 4096;

const REGISTRY_ENTRY = 1;
/** CBOR tag 0xcb1d, an array of two, registry entry 1: the only beginning that is taken. */
const HEADER = [0xd9, 0xcb, 0x1d, 0x82, REGISTRY_ENTRY];
const FORM = /^VP1-[BR][0-9A-Z $%*+./:-]{1,6600}$/;

/**
 * Writes a signed credential as CBOR-LD 1.0 QR text for third-party wallets: `VP1-` and base32 (multibase `B`).
 *
 * The credential itself is encoded, not a presentation: the library cannot read back a presentation with the VC 2.0 context.
 * Like all of CBOR-LD this keeps the RDF, not the order of members; {@link fromCborLd} restores the order of our own shape.
 * @param documentLoader gives the bundled contexts, nothing else
 * @throws YizhengError `CBORLD_UNSUPPORTED` when what was written does not read back, `QR_TOO_LARGE` (413) over 4 KiB
 */
export async function toCborLd(credential: object, documentLoader: DocumentLoader): Promise<string> {
  let cborldBytes: Uint8Array;
  try {
    cborldBytes = await encode({ jsonldDocument: credential, documentLoader, registryEntryId: REGISTRY_ENTRY });
  } catch (cause) {
    throw unsupported(cause);
  }
  if (cborldBytes.length > MAX_CBOR_LD_BYTES)
    throw new YizhengError('QR_TOO_LARGE', 'The credential is too large for CBOR-LD.', { status: 413 });
  const text = base32Text(cborldBytes);
  const readBack = await fromCborLd(text, documentLoader).catch((cause: unknown) => {
    throw unsupported(cause);
  });
  if (sorted(readBack) !== sorted(credential)) throw unsupported();
  return text;
}

/**
 * Reads CBOR-LD QR text in base32 or base45 (SECURITY F14): at most 4 KiB, registry entry 1 only, plain JSON only, and only the bytes that encoding
 * the result gives again.
 * @throws YizhengError `CBORLD_UNREADABLE`, `QR_TOO_LARGE` (413), and the `JSON_…` codes of the strict parser
 */
export async function fromCborLd(text: string, documentLoader: DocumentLoader): Promise<JsonObject> {
  if (text.length > 6_700) throw new YizhengError('QR_TOO_LARGE', 'More text than CBOR-LD may have.', { status: 413 });
  if (!FORM.test(text)) throw unreadable();
  let credential: JsonObject;
  let canonical: boolean;
  try {
    const { cborldBytes } = await util.fromQrCode({ expectedHeader: CBOR_LD_PREFIX, text, decodeCborld: false });
    if (cborldBytes.length > MAX_CBOR_LD_BYTES || HEADER.some((byte, i) => cborldBytes[i] !== byte)) throw unreadable();
    const decoded = await decode({ cborldBytes, documentLoader });
    credential = parseJsonObject(JSON.stringify(decoded));
    const again = await encode({ jsonldDocument: credential, documentLoader, registryEntryId: REGISTRY_ENTRY });
    const written = text.startsWith(`${CBOR_LD_PREFIX}B`) ? base32Text(again) : await base45Text(again);
    canonical = written === text && isPlainJson(decoded);
  } catch (cause) {
    if (cause instanceof YizhengError) throw cause;
    throw unreadable(cause);
  }
  if (!canonical || !('@context' in credential)) throw unreadable();
  return inOurOrder(credential);
}

function base32Text(cborldBytes: Uint8Array): string {
  return `${CBOR_LD_PREFIX}B${base32nopad.encode(cborldBytes)}`;
}

async function base45Text(cborldBytes: Uint8Array): Promise<string> {
  const { payload } = await util.toQrCode({ header: CBOR_LD_PREFIX, cborldBytes, qrMultibaseEncoding: 'R' });
  return payload;
}

/** False for what JSON cannot say, above all an object whose prototype came out of the code. */
function isPlainJson(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlainJson);
  if (isJsonObject(value))
    return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlainJson);
  return value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
}

function inOurOrder(credential: JsonObject): JsonObject {
  return (certificateCredentialSchema.safeParse(credential).data as JsonObject | undefined) ?? credential;
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    isJsonObject(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : member,
  );
}

function unreadable(cause?: unknown): YizhengError {
  return new YizhengError('CBORLD_UNREADABLE', 'The VP1- code is damaged or of a form this program does not take.', {
    cause,
  });
}

function unsupported(cause?: unknown): YizhengError {
  return new YizhengError('CBORLD_UNSUPPORTED', 'This credential cannot be written as CBOR-LD without loss.', {
    status: 422,
    cause,
  });
}
