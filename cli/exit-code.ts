import { YizhengError } from '../shared/errors.js';

/** What a script can rely on (`yizheng --help` says the same). */
export const EXIT = {
  /** Accepted, or done. */
  accepted: 0,
  /** A certificate or a request was refused. */
  refused: 1,
  /** Could not be found out: no fresh trust data, service unreachable. */
  undetermined: 2,
  /** Wrong usage, unreadable file, malformed input. */
  input: 3,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Errors by which a service refuses what it understood, unlike those by which it did not understand. */
const REFUSALS = new Set([403, 409]);

/** Exit code for anything thrown: overload and outage are undetermined, refusals of a service refused, the rest input errors. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof YizhengError)) return EXIT.undetermined;
  if (REFUSALS.has(error.status)) return EXIT.refused;
  return error.status === 429 || error.status >= 502 || error.code === 'INTERNAL' ? EXIT.undetermined : EXIT.input;
}
