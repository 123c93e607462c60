import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { YizhengError } from '../errors.js';

/** High half of the first byte of a payload that a holder signed. */
export const LIVE_FORM = 3;
/** How long a live code is good for, in seconds; the wallet signs a new one every {@link LIVE_REFRESH_SECONDS}. */
export const LIVE_SECONDS = 60;
/** How often a wallet signs its live code again, in seconds. */
export const LIVE_REFRESH_SECONDS = 30;
/** Longest time a share link may be good for, in seconds: one year. */
export const MAX_LINK_SECONDS = 366 * 86_400;
/** Longest text saying for whom a link is made, in UTF-8 bytes. */
export const MAX_AUDIENCE_BYTES = 120;

/** What a holder says by signing: this certificate is mine, at this time, and for whom. All times are whole seconds of Unix time. */
export type LiveStatement =
  | { mode: 'live'; at: number }
  /** A share link, good until a time the holder chose. */
  | { mode: 'link'; at: number; until: number; audience?: string };

/** A holder's statement with its signature, as it was read. Nothing is checked: see `checkLiveProof`. */
export interface LiveProof {
  mode: 'live' | 'link';
  /** When the holder signed, RFC 3339. */
  at: string;
  /** From when on it proves nothing, RFC 3339. */
  until: string;
  /** For whom, in the holder's words. */
  audience?: string;
  /** The bytes that were signed. */
  signed: Uint8Array;
  /** r ‖ s for P-256, R ‖ S for Ed25519: 64 bytes. */
  signature: Uint8Array;
}

const VERSION = 1;
const SIGNATURE_BYTES = 64;
/** Keeps a signature made here from being one over anything else. */
const DOMAIN = utf8ToBytes('yizheng holder code v1\n');

/**
 * The bytes a holder signs.
 * @param certificate payload of the certificate, compact or dictionary form
 * @throws YizhengError `LIVE_STATEMENT` for times or texts that cannot stand there
 */
export function liveMessage(statement: LiveStatement, certificate: Uint8Array): Uint8Array {
  return concatBytes(DOMAIN, writeStatement(statement), certificate);
}

/**
 * Writes the payload: one byte of form and version, one of mode, four of time; for a link four more of duration and the audience with
 * its length; then the signature and the certificate.
 * @throws YizhengError `LIVE_STATEMENT`
 */
export function writeLivePayload(statement: LiveStatement, certificate: Uint8Array, signature: Uint8Array): Uint8Array {
  if (signature.length !== SIGNATURE_BYTES) throw badStatement('The signature of a holder has 64 bytes.');
  return concatBytes(writeStatement(statement), signature, certificate);
}

/**
 * Reads a payload of {@link writeLivePayload}; every payload has one reading, and what no wallet writes is refused.
 * @throws YizhengError `QR_VERSION`, `QR_CORRUPT`
 */
export function readLivePayload(payload: Uint8Array): { proof: LiveProof; certificate: Uint8Array } {
  if (payload[0] !== LIVE_FORM * 16 + VERSION)
    throw new YizhengError('QR_VERSION', 'The code was made by a newer version of Yizheng; update this program.');
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const mode = payload[1] === 0 ? 'live' : payload[1] === 1 ? 'link' : undefined;
  if (mode === undefined || payload.length < 11) throw corrupt();
  const at = view.getUint32(2);
  const seconds = mode === 'live' ? LIVE_SECONDS : view.getUint32(6);
  const audienceBytes = mode === 'live' ? 0 : (payload[10] ?? 0);
  const end = mode === 'live' ? 6 : 11 + audienceBytes;
  if (seconds === 0 || seconds > MAX_LINK_SECONDS || audienceBytes > MAX_AUDIENCE_BYTES) throw corrupt();
  if (payload.length <= end + SIGNATURE_BYTES) throw corrupt();
  const audience = audienceBytes === 0 ? undefined : readText(payload.subarray(11, end));
  const certificate = payload.slice(end + SIGNATURE_BYTES);
  return {
    proof: {
      mode,
      at: rfc3339(at),
      until: rfc3339(at + seconds),
      ...(audience !== undefined && { audience }),
      signed: concatBytes(DOMAIN, payload.subarray(0, end), certificate),
      signature: payload.slice(end, end + SIGNATURE_BYTES),
    },
    certificate,
  };
}

function writeStatement(statement: LiveStatement): Uint8Array {
  if (!isTime(statement.at)) throw badStatement('The time of a holder code must be whole seconds since 1970.');
  const audience = statement.mode === 'link' ? utf8ToBytes(statement.audience ?? '') : new Uint8Array();
  const bytes = new Uint8Array(statement.mode === 'live' ? 6 : 11 + audience.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = LIVE_FORM * 16 + VERSION;
  bytes[1] = statement.mode === 'live' ? 0 : 1;
  view.setUint32(2, statement.at);
  if (statement.mode === 'live') return bytes;
  const seconds = statement.until - statement.at;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_LINK_SECONDS)
    throw badStatement('A share link must end in the future, and within a year.');
  if (audience.length > MAX_AUDIENCE_BYTES || !isPlain(statement.audience ?? ''))
    throw badStatement('Who a share link is for must be said in one line of at most 120 bytes.');
  view.setUint32(6, seconds);
  bytes[10] = audience.length;
  bytes.set(audience, 11);
  return bytes;
}

function readText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw corrupt(cause);
  }
  if (!isPlain(text)) throw corrupt();
  return text;
}

/** No control characters and nothing that turns the direction of writing around (SECURITY: shown texts). */
function isPlain(text: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text) && text.isWellFormed();
}

function isTime(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 0 && seconds + MAX_LINK_SECONDS <= 0xffff_ffff;
}

function rfc3339(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

function badStatement(message: string): YizhengError {
  return new YizhengError('LIVE_STATEMENT', message, { status: 422 });
}

function corrupt(cause?: unknown): YizhengError {
  return new YizhengError('QR_CORRUPT', 'The code is damaged, or no wallet made it.', { cause });
}
