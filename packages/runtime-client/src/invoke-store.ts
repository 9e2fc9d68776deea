const REQUEST_ID = Symbol.for("_AWS_LAMBDA_REQUEST_ID");
const X_RAY_TRACE_ID = Symbol.for("_AWS_LAMBDA_X_RAY_TRACE_ID");
const TENANT_ID = Symbol.for("_AWS_LAMBDA_TENANT_ID");
const PROTECTED: readonly PropertyKey[] = [REQUEST_ID, X_RAY_TRACE_ID, TENANT_ID];

type Values = Map<PropertyKey, unknown>;

/**
 * What is known of the invocation in progress. The functions of `awslambda.InvokeStore` are those of
 * `@aws/lambda-invoke-store`, which takes the object it finds on the global.
 */
export class InvokeStore {
  readonly #beforeFirst: string;
  #values: Values | undefined;

  /** @param beforeFirst what stands for the request id until the first invocation */
  constructor(beforeFirst: string) {
    this.#beforeFirst = beforeFirst;
  }

  begin(requestId: string, traceId: string | undefined, tenantId: string | undefined): void {
    this.#values = new Map<PropertyKey, unknown>([
      [REQUEST_ID, requestId],
      [X_RAY_TRACE_ID, traceId],
      [TENANT_ID, tenantId],
    ]);
  }

  hasContext(): boolean {
    return this.#values !== undefined;
  }

  getContext(): Record<PropertyKey, unknown> | undefined {
    return this.#values === undefined ? undefined : Object.fromEntries(this.#values);
  }

  get(key: PropertyKey): unknown {
    return this.#values?.get(key);
  }

  set(key: PropertyKey, value: unknown): void {
    if (PROTECTED.includes(key)) {
      throw new Error(`Cannot modify protected Lambda context field: ${String(key)}`);
    }
    this.#values ??= new Map();
    this.#values.set(key, value);
  }

  run<T>(context: Record<PropertyKey, unknown>, fn: () => T): T {
    this.#values = new Map(Reflect.ownKeys(context).map((key) => [key, context[key]]));
    return fn();
  }

  getRequestId(): string {
    return this.#text(REQUEST_ID) ?? this.#beforeFirst;
  }

  getXRayTraceId(): string | undefined {
    return this.#text(X_RAY_TRACE_ID);
  }

  getTenantId(): string | undefined {
    return this.#text(TENANT_ID);
  }

  #text(key: PropertyKey): string | undefined {
    const value = this.#values?.get(key);
    return typeof value === "string" ? value : undefined;
  }
}
