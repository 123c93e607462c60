import { pino, type DestinationStream, type Logger } from 'pino';
import { YizhengError } from '../shared/errors.js';

/** What may be said about an error in a log: never the message of a foreign error, which may quote data. */
export interface SafeError {
  name: string;
  code: string;
  message?: string;
  stack?: string;
  cause?: SafeError;
}

/**
 * A structured logger (pino) that cannot print what a certificate says.
 *
 * Errors are reduced by {@link safeError}; members named like personal data or secrets are censored wherever they stand.
 * @param options `name` of the service; `level`, default `info`; `destination`, default standard output
 */
export function createLogger(options: { name: string; level?: string; destination?: DestinationStream }): Logger {
  return pino(
    {
      name: options.name,
      level: options.level ?? 'info',
      base: { service: options.name },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: safeError },
      redact: { paths: CENSORED, censor: '[redacted]' },
    },
    options.destination ?? pino.destination({ dest: 1, sync: false }),
  );
}

/** Reduces an error to what may be logged. Messages are kept for {@link YizhengError} only; stacks lose their message. */
export function safeError(error: unknown): SafeError {
  if (!(error instanceof Error)) return { name: 'NonError', code: typeof error };
  const known = error instanceof YizhengError;
  const code: unknown = 'code' in error ? error.code : undefined;
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    code: typeof code === 'string' ? code : 'NONE',
    ...(known ? { message: error.message } : {}),
    ...(known || frames === undefined ? {} : { stack: frames.slice(0, 8).join('\n') }),
    ...(error.cause === undefined ? {} : { cause: safeError(error.cause) }),
  };
}

const SENSITIVE = [
  'authorization',
  'body',
  'holder',
  'idNumber',
  'identityDocumentLastFour',
  'credentialSubject',
  'passphrase',
  'secret',
  'token',
];
const CENSORED = SENSITIVE.flatMap((member) => [member, `*.${member}`, `*.*.${member}`]);
