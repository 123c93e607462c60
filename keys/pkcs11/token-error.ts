import { YizhengError } from '../../shared/errors.js';
import { returnValueOf } from './cryptoki.js';

/** Which token an error speaks of. */
export interface TokenName {
  label?: string | undefined;
  serial?: string | undefined;
}

/** The session is no longer good: open another and log in again. */
const OF_SESSION =
  /^CKR_(?:SESSION_HANDLE_INVALID|SESSION_CLOSED|SESSION_READ_ONLY_EXISTS|USER_NOT_LOGGED_IN|OBJECT_HANDLE_INVALID|KEY_HANDLE_INVALID|OPERATION_ACTIVE|OPERATION_NOT_INITIALIZED)$/;
const ABSENT = /^CKR_(?:TOKEN_NOT_PRESENT|TOKEN_NOT_RECOGNIZED|DEVICE_REMOVED|SLOT_ID_INVALID)$/;
const UNSUITABLE =
  /^CKR_(?:MECHANISM_INVALID|MECHANISM_PARAM_INVALID|KEY_TYPE_INCONSISTENT|CURVE_NOT_SUPPORTED|DOMAIN_PARAMS_INVALID|FUNCTION_NOT_SUPPORTED|ATTRIBUTE_TYPE_INVALID|ATTRIBUTE_VALUE_INVALID|TEMPLATE_INCONSISTENT|TEMPLATE_INCOMPLETE)$/;

/** Who is not logged in sees no private key; a library may not notice by itself that a token came or went. */
const REMEDIES: Record<string, 'session' | 'restart'> = { TOKEN_KEY_MISSING: 'session', TOKEN_ABSENT: 'restart' };

/**
 * What may help after a failed call: `session` a new session, `restart` a library begun anew, which also finds tokens that came back;
 * `nothing` where trying again would change nothing, or would cost one of few tries of a PIN.
 */
export function remedyFor(error: unknown): 'session' | 'restart' | 'nothing' {
  if (error instanceof YizhengError) return REMEDIES[error.code] ?? 'nothing';
  const name = returnValueOf(error);
  if (name === undefined || /^CKR_(?:PIN_|USER_PIN_)/.test(name) || UNSUITABLE.test(name)) return 'nothing';
  return OF_SESSION.test(name) ? 'session' : 'restart';
}

/** What a failed call means, as the rest of the system knows it. */
export function tokenError(error: unknown, token: TokenName): unknown {
  const name = returnValueOf(error);
  if (name === undefined) return error;
  const which = nameOf(token);
  if (/^CKR_PIN_(?:INCORRECT|INVALID|LEN_RANGE)$/.test(name))
    return failed('TOKEN_PIN_WRONG', `The PIN does not open ${which}; it is not tried again, as tries are few.`, error);
  if (name === 'CKR_PIN_LOCKED') return pinLocked(token, error);
  if (ABSENT.test(name)) return absent(token, error);
  if (UNSUITABLE.test(name))
    return failed('TOKEN_UNSUITABLE', `Ed25519 (CKM_EDDSA) does not work on ${which}: ${name}.`, error);
  return failed('TOKEN_FAILED', `The call to ${which} failed with ${name}.`, error);
}

/** @returns `TOKEN_ABSENT` */
export function absent(token: TokenName, cause?: unknown): YizhengError {
  return failed('TOKEN_ABSENT', `There is no ${nameOf(token)} in any slot; put it in, or start its service.`, cause);
}

/** @returns `TOKEN_PIN_LOCKED` */
export function pinLocked(token: TokenName, cause?: unknown): YizhengError {
  return failed('TOKEN_PIN_LOCKED', `The PIN of ${nameOf(token)} is locked; its security officer can set a new one.`, cause); // prettier-ignore
}

/** @returns `TOKEN_PIN_FINAL_TRY` */
export function finalTry(token: TokenName): YizhengError {
  return failed(
    'TOKEN_PIN_FINAL_TRY',
    `One try is left before the PIN of ${nameOf(token)} is locked; it is left to a person: log in once with the token's own tool.`,
  );
}

/** A 503 with this code. */
export function failed(code: string, message: string, cause?: unknown): YizhengError {
  return new YizhengError(code, message, { status: 503, cause });
}

/** How a sentence names a token. */
export function nameOf({ label, serial }: TokenName): string {
  return ['token', label, serial === undefined ? undefined : `(serial ${serial})`].filter(Boolean).join(' ');
}
