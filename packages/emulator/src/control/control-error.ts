/** An error of the control API: answered as `{ "error": { "code", "message" } }`. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function badRequest(message: string): ControlError {
  return new ControlError(400, "BadRequest", message);
}
