import { YizhengError } from '../../shared/errors.js';
import { isJsonObject } from '../../shared/json/parse-json.js';

/**
 * Demands that a credential to be issued names its issuer, and that it is the one asked: the issuer is never put in or changed for
 * somebody (a credential would say what nobody wrote).
 * @param issuer `issuer` of the credential
 * @param did the identity that is to sign
 * @throws YizhengError `ISSUER_MISSING` (absent or null), `ISSUER_INVALID` (no URL), `ISSUER_MISMATCH` (somebody else), all 400
 */
export function checkIssuer(issuer: unknown, did: string): void {
  if (issuer === undefined || issuer === null)
    throw refused('ISSUER_MISSING', `The credential names no issuer; write ${did}.`);
  const id = isJsonObject(issuer) ? issuer['id'] : issuer;
  if (typeof id !== 'string' || !/^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]+$/.test(id))
    throw refused('ISSUER_INVALID', 'The issuer must be a URL, or an object whose id is one.');
  if (id !== did) throw refused('ISSUER_MISMATCH', `What is issued here is issued by ${did}.`);
}

function refused(code: string, message: string): YizhengError {
  return new YizhengError(code, message, { status: 400, at: '/credential/issuer' });
}
