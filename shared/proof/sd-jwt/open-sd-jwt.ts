import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { YizhengError } from '../../errors.js';
import { CREDENTIAL_LIMITS, isJsonObject, parseJson, type JsonObject, type JsonValue } from '../../json/parse-json.js';
import { readCompactJws } from '../jose/compact-jws.js';
import { readClaims } from '../jose/jwt-claims.js';

/** Longest SD-JWT that is read unless a caller says otherwise, characters. */
export const MAX_SD_JWT_LENGTH = 128 * 1024;
/** Behind the last `~`: nothing, or a compact JWS. */
const KEY_BINDING = /^(?:[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)?$/;
/** Most disclosures. */
export const MAX_DISCLOSURES = 100;

/** Steps from the claims set to a claim: member names, and places in arrays. */
export type ClaimPath = (string | number)[];

/** An SD-JWT taken apart and put together again. Its signature is not checked. */
export interface OpenedSdJwt {
  /** The issuer-signed JWT. */
  jwt: string;
  /** Its header. */
  header: JsonObject;
  /** The claims with everything that was disclosed in its place; no digests are left. */
  claims: JsonObject;
  /** What was disclosed, outer before inner. */
  disclosed: { path: ClaimPath; disclosure: string }[];
  /** Objects and arrays that hold digests nothing was disclosed for; some may be decoys. */
  undisclosed: { path: ClaimPath; count: number }[];
  /** The key binding JWT, when there is one. */
  keyBindingJwt?: string;
  /** JWT and disclosures, up to and with the last `~`: what `sd_hash` is computed over. */
  presented: string;
}

/**
 * Processes an SD-JWT as RFC 9901 §7.1 says, without checking its signature: every disclosure must be referenced exactly once, no
 * digest may stand twice, no disclosed name may be there already or be one of the format's own.
 * @param text `<JWT>~<disclosure>~…~<key binding JWT or nothing>`
 * @param options `maxLength`: characters, {@link MAX_SD_JWT_LENGTH} unless given; `readClaims`: how the payload is read, strictly unless
 *   given
 * @throws YizhengError `SD_JWT_TOO_LARGE` (413), `SD_JWT_FORMAT`, `SD_JWT_HASH_ALG` (only SHA-256), `SD_JWT_DISCLOSURE`,
 *   `SD_JWT_DUPLICATE`, `SD_JWT_UNREFERENCED`; those of `readCompactJws` and `readClaims`
 */
export function openSdJwt(
  text: string,
  options: { maxLength?: number; readClaims?: (payload: Uint8Array) => JsonObject } = {},
): OpenedSdJwt {
  const { maxLength = MAX_SD_JWT_LENGTH, readClaims: read = readClaims } = options;
  if (text.length > maxLength)
    throw new YizhengError('SD_JWT_TOO_LARGE', `The SD-JWT is longer than ${maxLength} characters.`, { status: 413 });
  const parts = text.split('~');
  const [jwt, keyBindingJwt] = [parts.shift(), parts.pop()];
  const ends = keyBindingJwt !== undefined && KEY_BINDING.test(keyBindingJwt);
  if (jwt === undefined || !ends || parts.length > MAX_DISCLOSURES)
    throw new YizhengError('SD_JWT_FORMAT', 'Not an SD-JWT: a JWT, disclosures and an end, with "~" between.');
  const { header, payload } = readCompactJws(jwt, { maxLength });
  const { _sd_alg: algorithm = 'sha-256', ...claims } = read(payload);
  if (algorithm !== 'sha-256')
    throw new YizhengError('SD_JWT_HASH_ALG', 'The disclosures must be hashed with SHA-256.');
  const assembly = new Assembly(parts);
  const shown = assembly.object(claims, []);
  assembly.assertAllReferenced();
  return {
    jwt,
    header,
    claims: shown,
    disclosed: assembly.disclosed,
    undisclosed: assembly.undisclosed,
    ...(keyBindingJwt !== '' && { keyBindingJwt }),
    presented: text.slice(0, text.length - keyBindingJwt.length),
  };
}

/** Digest of an ASCII text as SD-JWT writes it: SHA-256, base64url without padding. */
export function sdDigest(text: string): string {
  return base64urlnopad.encode(sha256(utf8ToBytes(text)));
}

interface Disclosure {
  text: string;
  content: JsonValue[];
}

class Assembly {
  readonly disclosed: OpenedSdJwt['disclosed'] = [];
  readonly undisclosed: OpenedSdJwt['undisclosed'] = [];
  private readonly byDigest = new Map<string, Disclosure>();
  private readonly seen = new Set<string>();

  constructor(disclosures: readonly string[]) {
    for (const text of disclosures) {
      const digest = sdDigest(text);
      if (this.byDigest.has(digest)) throw duplicate();
      this.byDigest.set(digest, { text, content: contentOf(text) });
    }
  }

  object(source: JsonObject, path: ClaimPath): JsonObject {
    const { _sd: digests = [], ...plain } = source;
    const shown: JsonObject = {};
    for (const [name, value] of Object.entries(plain)) {
      if (name === '...' || name === '_sd_alg') throw badDisclosure();
      shown[name] = this.value(value, [...path, name]);
    }
    if (!Array.isArray(digests)) throw badDisclosure();
    let hidden = 0;
    for (const digest of digests) {
      const found = this.take(digest);
      if (!found) {
        hidden++;
        continue;
      }
      const [, name, value] = found.content;
      if (found.content.length !== 3 || typeof name !== 'string' || value === undefined) throw badDisclosure();
      if (FORBIDDEN_NAMES.has(name) || Object.hasOwn(shown, name)) throw badDisclosure();
      this.disclosed.push({ path: [...path, name], disclosure: found.text });
      shown[name] = this.value(value, [...path, name]);
    }
    if (hidden > 0) this.undisclosed.push({ path, count: hidden });
    return shown;
  }

  assertAllReferenced(): void {
    if (this.disclosed.length !== this.byDigest.size)
      throw new YizhengError('SD_JWT_UNREFERENCED', 'A disclosure belongs to nothing that was signed.');
  }

  private value(value: JsonValue, path: ClaimPath): JsonValue {
    if (path.length > CREDENTIAL_LIMITS.maxDepth) throw badDisclosure();
    if (Array.isArray(value)) return this.array(value, path);
    return isJsonObject(value) ? this.object(value, path) : value;
  }

  private array(source: readonly JsonValue[], path: ClaimPath): JsonValue[] {
    const shown: JsonValue[] = [];
    let hidden = 0;
    for (const item of source) {
      if (!isJsonObject(item) || !Object.hasOwn(item, '...')) {
        shown.push(this.value(item, [...path, shown.length]));
        continue;
      }
      const found = Object.keys(item).length === 1 ? this.take(item['...']) : undefined;
      if (Object.keys(item).length !== 1) throw badDisclosure();
      if (!found) {
        hidden++;
        continue;
      }
      const [, value] = found.content;
      if (found.content.length !== 2 || value === undefined) throw badDisclosure();
      const place = [...path, shown.length];
      this.disclosed.push({ path: place, disclosure: found.text });
      shown.push(this.value(value, place));
    }
    if (hidden > 0) this.undisclosed.push({ path, count: hidden });
    return shown;
  }

  private take(digest: JsonValue | undefined): Disclosure | undefined {
    if (typeof digest !== 'string') throw badDisclosure();
    if (this.seen.has(digest)) throw duplicate();
    this.seen.add(digest);
    return this.byDigest.get(digest);
  }
}

const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['_sd', '...', '_sd_alg', '__proto__']);

function contentOf(text: string): JsonValue[] {
  let content: JsonValue;
  try {
    content = parseJson(base64urlnopad.decode(text));
  } catch (cause) {
    throw badDisclosure(cause);
  }
  if (!Array.isArray(content) || typeof content[0] !== 'string') throw badDisclosure();
  return content;
}

function badDisclosure(cause?: unknown): YizhengError {
  return new YizhengError(
    'SD_JWT_DISCLOSURE',
    'A disclosure, or a digest for one, is not written as SD-JWT writes it.',
    {
      cause,
    },
  );
}

function duplicate(): YizhengError {
  return new YizhengError('SD_JWT_DUPLICATE', 'A disclosure or digest stands twice.');
}
