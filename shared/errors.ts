/**
 * The one error type of the project.
 *
 * Every failure a caller may want to tell apart carries a stable `code`; nobody matches message strings
 * (design/STYLE.md). Services turn it into Problem Details (RFC 9457), the CLI into one line and an exit code.
 */
export class YizhengError extends Error {
  /** Stable, upper-case code, e.g. `JSON_DUPLICATE_KEY`. Never reused for another meaning. */
  readonly code: string;
  /** RFC 6901 pointer, `row 3, column B`, or another plain place name where the input is wrong. */
  readonly at: string | undefined;
  /** HTTP status a service should answer with. 400 unless said otherwise. */
  readonly status: number;

  /**
   * @param code stable error code
   * @param message one English sentence naming what is wrong and what to do; holds no secret and no ID number
   * @param options `at`: place in the input; `status`: HTTP status; `cause`: the error underneath
   */
  constructor(
    code: string,
    message: string,
    options: { at?: string | undefined; status?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'YizhengError';
    this.code = code;
    this.at = options.at;
    this.status = options.status ?? 400;
  }
}

/** The `code` of a {@link YizhengError}, or `fallback` for anything else that was thrown. */
export function errorCode(error: unknown, fallback = 'INTERNAL'): string {
  return error instanceof YizhengError ? error.code : fallback;
}
