import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { p256 } from '@noble/curves/nist.js';
import type { PublicKey } from '../../../../../shared/did/multikey.js';
import { YizhengError } from '../../../../../shared/errors.js';
import { toBase64url } from '../bytes.js';
import { inside, readDer, type DerElement } from './der.js';

/** What the first certificate of an `x5c` header says; its chain is not checked, as this wallet keeps no roots. */
export interface RequestCertificate {
  key: PublicKey;
  /** DNS names of its subject alternative names. */
  dnsNames: string[];
  /** base64url of the SHA-256 of the certificate, as `x509_hash` has it. */
  hash: string;
}

const SEQUENCE = 0x30;
const EXTENSIONS = 0xa3;
const DNS_NAME = 0x82;
/** AlgorithmIdentifier of a P-256 public key (RFC 5480 §2.1.1). */
const P256_ALGORITHM = '301306072a8648ce3d020106082a8648ce3d030107';
/** OID of subject alternative names (RFC 5280 §4.2.1.6). */
const SUBJECT_ALTERNATIVE_NAME = '0603551d11';

/**
 * Reads the end certificate of a request (RFC 5280 §4.1): enough to know which key signed and what host it was made for.
 * @param text base64 DER, as in `x5c`
 * @param now milliseconds since 1970
 * @throws YizhengError `REQUEST_SIGNATURE` when it is no certificate in force with a P-256 key
 */
export function readRequestCertificate(text: string, now: number): RequestCertificate {
  try {
    const der = base64.decode(text);
    const [certificate, ...rest] = readDer(der);
    const [body] = inside(certificate, SEQUENCE);
    const [version, , , , validity, , keyInfo, ...more] = inside(body, SEQUENCE);
    if (rest.length > 0 || version?.tag !== 0xa0) throw new RangeError('not an X.509 v3 certificate');
    const [from, until] = inside(validity, SEQUENCE).map(timeOf);
    if (from === undefined || until === undefined || now < from || now > until) throw new RangeError('not in force');
    return { key: keyOf(keyInfo), dnsNames: dnsNamesOf(more), hash: toBase64url(sha256(der)) };
  } catch (cause) {
    throw new YizhengError('REQUEST_SIGNATURE', 'The certificate of the request cannot be used.', {
      status: 422,
      cause,
    });
  }
}

function keyOf(keyInfo: DerElement | undefined): PublicKey {
  const [algorithm, bits] = inside(keyInfo, SEQUENCE);
  if (!algorithm || bytesToHex(algorithm.whole) !== P256_ALGORITHM || bits?.tag !== 0x03 || bits.content[0] !== 0)
    throw new RangeError('not a P-256 key');
  return { algorithm: 'P-256', bytes: p256.Point.fromBytes(bits.content.subarray(1)).toBytes(true) };
}

function dnsNamesOf(more: readonly DerElement[]): string[] {
  const [list] = readDer(more.find(({ tag }) => tag === EXTENSIONS)?.content ?? new Uint8Array());
  const names = list ? inside(list, SEQUENCE).map((extension) => inside(extension, SEQUENCE)) : [];
  const found = names.filter(([oid]) => oid !== undefined && bytesToHex(oid.whole) === SUBJECT_ALTERNATIVE_NAME);
  return found.flatMap((extension) => {
    const [sequence] = readDer(extension.at(-1)?.content ?? new Uint8Array());
    const dns = inside(sequence, SEQUENCE).filter(({ tag }) => tag === DNS_NAME);
    return dns.map(({ content }) => new TextDecoder('utf-8', { fatal: true }).decode(content).toLowerCase());
  });
}

/** UTCTime and GeneralizedTime as RFC 5280 §4.1.2.5 allows them. */
function timeOf({ tag, content }: DerElement): number {
  const text = new TextDecoder().decode(content);
  const digits = tag === 0x17 ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits);
  if (!parts || (tag !== 0x17 && tag !== 0x18)) throw new RangeError('a time in another form');
  const [, year, month, day, hour, minute, second] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
