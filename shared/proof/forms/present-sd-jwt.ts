import { YizhengError } from '../../errors.js';
import type { JsonObject } from '../../json/parse-json.js';
import { signCompactJws } from '../jose/sign-compact-jws.js';
import { openSdJwt, sdDigest, type ClaimPath } from '../sd-jwt/open-sd-jwt.js';
import type { Signer } from '../types.js';
import { numericDate } from './signing-time.js';

/** What a holder has in an SD-JWT. */
export interface SdJwtClaims {
  /** Everything disclosed, in its place. */
  claims: JsonObject;
  /** Paths of what may be hidden. */
  disclosable: ClaimPath[];
}

/** Reads an SD-JWT for its holder, without checking its signature. @throws YizhengError as `openSdJwt` */
export function readSdJwtClaims(sdJwt: string): SdJwtClaims {
  const { claims, disclosed } = openSdJwt(sdJwt);
  return { claims, disclosable: disclosed.map(({ path }) => path) };
}

/** A key binding to be made with the holder's key, the one of `cnf`. */
export interface KeyBindingOptions {
  signer: Signer;
  audience: string;
  nonce: string;
  /** RFC 3339. */
  now: string;
}

/**
 * Makes a presentation (RFC 9901 §7.2): only the chosen disclosures, and a key binding when one is asked for.
 * @param sdJwt as issued, or an earlier presentation; its own key binding is dropped
 * @param options `disclose`: paths to show; a path to an object shows everything below it
 * @returns `<JWT>~<disclosure>~…~<key binding JWT or nothing>`
 * @throws YizhengError `SD_JWT_PATH` for a path that is not there; those of `openSdJwt`
 */
export async function presentSdJwt(
  sdJwt: string,
  options: { disclose: readonly (readonly (string | number)[])[]; keyBinding?: KeyBindingOptions },
): Promise<string> {
  const { jwt, disclosed, claims } = openSdJwt(sdJwt);
  for (const path of options.disclose)
    if (!isThere(claims, path))
      throw new YizhengError('SD_JWT_PATH', 'A claim that is to be shown is not there.', { at: path.join('.') });
  const shown = disclosed.filter(({ path }) =>
    options.disclose.some((wanted) => startsWith(path, wanted) || startsWith(wanted, path)),
  );
  const presented = [jwt, ...shown.map(({ disclosure }) => disclosure), ''].join('~');
  return options.keyBinding ? presented + (await keyBindingJwt(presented, options.keyBinding)) : presented;
}

function keyBindingJwt(presented: string, { signer, audience, nonce, now }: KeyBindingOptions): Promise<string> {
  const payload = { iat: numericDate(now), aud: audience, nonce, sd_hash: sdDigest(presented) };
  return signCompactJws({ header: { typ: 'kb+jwt' }, payload }, signer);
}

function startsWith(path: readonly (string | number)[], start: readonly (string | number)[]): boolean {
  return start.length <= path.length && start.every((step, i) => step === path[i]);
}

function isThere(claims: JsonObject, path: readonly (string | number)[]): boolean {
  let value: unknown = claims;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false;
    value = (value as Record<string | number, unknown>)[step];
  }
  return true;
}
