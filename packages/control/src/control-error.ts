/**
 * A call of the control API that failed.
 *
 * Besides the codes of AWS and of the control API there are the client's own: `Unreachable` (nothing listens, or the
 * connection broke), `TimedOut`, `NotLocalEmu` (something else answered) and `ClientClosed`; those have no status,
 * `NotLocalEmu` excepted.
 */
export class ControlError extends Error {
  override readonly name = "ControlError";
  /** AWS's error code, the control API's, or one of the client's own. */
  readonly code: string;
  /** HTTP status of the answer; undefined where there was none. */
  readonly status: number | undefined;

  constructor(code: string, message: string, options: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.status = options.status;
  }
}
