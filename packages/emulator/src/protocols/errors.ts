import { DataError } from "../core/data-error.ts";

/** An error as a caller of AWS sees it: a code, a message, and what else the error's model has. */
export class AwsError extends Error {
  /** The error's name on the wire, such as `ResourceNotFoundException`. */
  readonly code: string;
  /** Overrides the status that the service's model gives the code. */
  readonly statusCode: number | undefined;
  /** Further members of the modelled error. */
  readonly fields: Readonly<Record<string, unknown>>;

  /** An empty message is left out of the reply. */
  constructor(code: string, message: string, options: AwsErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = code;
    this.code = code;
    this.statusCode = options.statusCode;
    this.fields = options.fields ?? {};
  }
}

export interface AwsErrorOptions<Fields = Readonly<Record<string, unknown>>> {
  readonly statusCode?: number;
  readonly fields?: Fields;
  readonly cause?: unknown;
}

/** Names of the errors that an SDK client models. */
export type ErrorName<Client> = {
  [Key in keyof Client]: Client[Key] extends new (...args: never[]) => {
    readonly name: infer Name;
    readonly $fault: unknown;
  }
    ? Name extends Key
      ? Name
      : never
    : never;
}[keyof Client];

/** What a modelled error carries beside its message. */
export type ErrorFields<Client, Name extends ErrorName<Client>> = Client[Name] extends new (
  ...args: never[]
) => infer Instance
  ? Omit<Partial<Instance>, keyof Error | "Message" | `$${string}`>
  : never;

/**
 * The constructor of a service's errors: it takes only names and members that the service models.
 *
 * @example
 * import type * as client from "@aws-sdk/client-kinesis";
 *
 * const kinesisError = errorsOf<typeof client>();
 * throw kinesisError("ResourceNotFoundException", `Stream ${name} under account ${accountId} not found.`);
 */
export function errorsOf<Client>() {
  return <Name extends ErrorName<Client> & string>(
    code: Name,
    message: string,
    options?: AwsErrorOptions<ErrorFields<Client, Name>>,
  ): AwsError => new AwsError(code, message, options);
}

/** The request is not what the operation's types allow. Without a text the reply has none, as on AWS. */
export function serializationException(message = ""): AwsError {
  return new AwsError("SerializationException", message, { statusCode: 400 });
}

/** The input breaks the constraints of the service's model. */
export function validationException(message: string): AwsError {
  return new AwsError("ValidationException", message, { statusCode: 400 });
}

/** What a caller learns of a bug: nothing but that there was one. */
export function internalFailure(cause: unknown): AwsError {
  return new AwsError("InternalFailure", "", { statusCode: 500, cause });
}

/** What anything thrown by an operation is to the caller. */
export function toAwsError(thrown: unknown): AwsError {
  if (thrown instanceof AwsError) return thrown;
  // No bug: whoever runs the emulator is to make room on the disk.
  if (thrown instanceof DataError)
    return new AwsError("InternalFailure", thrown.message, { statusCode: 500, cause: thrown });
  return internalFailure(thrown);
}

/** An error of AWS's by its code, its message and the further members of its model. */
export function awsError(code: string, message: string, fields?: Readonly<Record<string, unknown>>): AwsError {
  return new AwsError(code, message, fields === undefined ? {} : { fields });
}
