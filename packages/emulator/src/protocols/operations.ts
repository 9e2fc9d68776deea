/** What every call carries besides its input. */
export interface CallContext {
  /** From the credential scope. */
  readonly region: string;
  readonly accountId: string;
  readonly requestId: string;
  readonly accessKeyId: string;
  /** The origin that the caller used plus the world's path prefix, e.g. `http://127.0.0.1:4566/_world/orders`. */
  readonly origin: string;
  /** Aborted when the caller goes away or the world closes. */
  readonly signal: AbortSignal;
}

/** Every operation that an SDK client knows, by wire name, with its input and output. */
export type OperationsOf<Client> = {
  [K in keyof Client as OperationName<K>]: Client[K] extends new (input: infer Input) => {
    resolveMiddleware: (...args: never[]) => (args: never) => Promise<{ output: infer Output }>;
  }
    ? { input: Input; output: Omit<Output, "$metadata"> }
    : never;
};

type OperationName<Key> = Key extends `$${string}` ? never : Key extends `${infer Name}Command` ? Name : never;

/** One function per operation. Leaving one out without listing it in `Unsupported` does not compile. */
export type ServiceImplementation<Client, Context, Unsupported extends keyof OperationsOf<Client> = never> = {
  readonly [Name in Exclude<keyof OperationsOf<Client>, Unsupported>]: OperationsOf<Client>[Name] extends {
    input: infer Input;
    output: infer Output;
  }
    ? (input: Input, context: Context) => Reply<Output> | Promise<Reply<Output>>
    : never;
};

/** An operation without output members answers nothing. */
type Reply<Output> = keyof Output extends never ? void : Output;
