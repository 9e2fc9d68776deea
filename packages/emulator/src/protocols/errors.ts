/** An error of AWS's, by the code and the message that AWS gives. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  /** Further members of the modelled exception, e.g. `{ Type: "User" }`. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.fields = fields;
  }
}

export function awsError(code: string, message: string, fields?: Readonly<Record<string, unknown>>): AwsError {
  return new AwsError(code, message, fields);
}
