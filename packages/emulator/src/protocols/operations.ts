import type { AwsError } from "./errors.ts";

/** Every operation an SDK client knows, by its name on the wire, with its input and output. */
export type OperationsOf<Client> = {
  [Key in keyof Client as OperationName<Key>]: Client[Key] extends new (...args: never[]) => {
    readonly input: infer Input;
    resolveMiddleware: (...args: never[]) => (args: never) => Promise<{ output: infer Output }>;
  }
    ? { input: Input; output: Omit<Output, "$metadata"> }
    : never;
};

type OperationName<Key> = Key extends `$${string}` ? never : Key extends `${infer Name}Command` ? Name : never;

/** The input of one operation, as the SDK's callers write it. */
export type InputOf<Client, Name extends keyof OperationsOf<Client>> = OperationsOf<Client>[Name] extends {
  input: infer Input;
}
  ? Input
  : never;

/** The output of one operation, as the SDK's callers get it; void for an operation that has none. */
export type OutputOf<Client, Name extends keyof OperationsOf<Client>> = OperationsOf<Client>[Name] extends {
  output: infer Output;
}
  ? keyof Output extends never
    ? void
    : Output
  : never;

export type Operation<Client, Context, Name extends keyof OperationsOf<Client>> = (
  input: InputOf<Client, Name>,
  context: Context,
) => Promise<OutputOf<Client, Name>> | OutputOf<Client, Name>;

/** One function per operation. Leaving one out without listing it in Unsupported fails to compile. */
export type ServiceImplementation<Client, Context, Unsupported extends keyof OperationsOf<Client> = never> = {
  readonly [Name in Exclude<keyof OperationsOf<Client>, Unsupported>]: Operation<Client, Context, Name>;
};

/** The operations a service declines, each with its reason. */
export type NotImplemented<Unsupported extends PropertyKey> = { readonly [Name in Unsupported]: string };

/** Values of `X-Amzn-Trace-Id`. */
export interface CallTrace {
  readonly given: string | undefined;
  /** Set by an operation whose call is traced. */
  told?: string;
}

/** What an operation may know of the call that it answers. */
export interface CallContext {
  readonly region: string;
  readonly accountId: string;
  readonly requestId: string;
  readonly accessKeyId: string;
  /** Origin the caller used, such as `http://127.0.0.1:4566`, with the prefix of the caller's world. */
  readonly origin: string;
  /** The trace that the caller goes by, and the one that the reply tells it. */
  readonly trace?: CallTrace | undefined;
  /** Aborted when the caller has gone or the world is disposed. */
  readonly signal: AbortSignal;
}

/** A service's operations by name, where the gateway calls one without knowing its types: the schemas have checked them. */
export interface AnyOperations {
  find(name: string): ((input: Readonly<Record<string, unknown>>, call: CallContext) => unknown) | undefined;
  /** Why a modelled operation is declined. */
  declined(name: string): string | undefined;
  /** The output by which an operation tells of a refusal that it does not fail with; undefined where it fails. */
  refused?(name: string, input: Readonly<Record<string, unknown>>, refusal: AwsError): object | undefined;
}

export function anyOperations(
  operations: object,
  notImplemented: Readonly<Record<string, string>>,
  refused?: AnyOperations["refused"],
): AnyOperations {
  const byName = new Map(Object.entries(operations));
  return {
    find: (name) => byName.get(name) as ReturnType<AnyOperations["find"]>,
    declined: (name) => notImplemented[name],
    ...(refused !== undefined && { refused }),
  };
}
