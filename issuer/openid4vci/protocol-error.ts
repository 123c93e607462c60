import type { Logger } from 'pino';
import type { Call, Reply } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';

/** Error names the protocols fix: RFC 6749 §5.2, RFC 6750 §3.1, RFC 9396 §5, RFC 9449 §5, OpenID4VCI 1.0 §8.3.1, §9.3, §11.3. */
export type ProtocolErrorName =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unsupported_grant_type'
  | 'invalid_authorization_details'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'invalid_dpop_proof'
  | 'invalid_credential_request'
  | 'unknown_credential_configuration'
  | 'unknown_credential_identifier'
  | 'invalid_proof'
  | 'invalid_nonce'
  | 'invalid_encryption_parameters'
  | 'credential_request_denied'
  | 'invalid_transaction_id'
  | 'invalid_notification_id'
  | 'invalid_notification_request';

/** A refusal in the words of the protocol. `code` says more exactly why, for clients that know us. */
export class ProtocolError extends YizhengError {
  /** Members of the answer beside the standard ones. */
  readonly more: Readonly<Record<string, string | number>>;
  /** `WWW-Authenticate` of a 401. */
  readonly challenge: string | undefined;

  /**
   * @param error name the protocol gives it
   * @param code our stable code
   * @param message ASCII without `"` and `\` (RFC 6749 §5.2), as `error_description`
   */
  constructor(
    readonly error: ProtocolErrorName,
    code: string,
    message: string,
    options: { status?: number; more?: Record<string, string | number>; challenge?: string; cause?: unknown } = {},
  ) {
    super(code, message, { status: options.status ?? 400, cause: options.cause });
    this.name = 'ProtocolError';
    this.more = options.more ?? {};
    this.challenge = options.challenge;
  }
}

/** `credential_request_denied`: nothing but a new offer, or nothing at all, mends it. */
export function denied(code: string, message: string, cause?: unknown): ProtocolError {
  return new ProtocolError('credential_request_denied', code, message, { cause });
}

/** Answers refusals as the protocol wants them; everything else stays Problem Details. */
export function inProtocol<P, Q, B>(
  logger: Logger,
  handler: (call: Call<P, Q, B>) => Promise<Reply> | Reply,
): (call: Call<P, Q, B>) => Promise<Reply> {
  return async (call) => {
    try {
      return await handler(call);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      logger.info({ requestId: call.requestId, error: error.error, code: error.code });
      return {
        status: error.status,
        headers: {
          'Cache-Control': 'no-store',
          ...(error.challenge === undefined ? {} : { 'WWW-Authenticate': error.challenge }),
        },
        body: { error: error.error, error_description: error.message, code: error.code, ...error.more },
      };
    }
  };
}
