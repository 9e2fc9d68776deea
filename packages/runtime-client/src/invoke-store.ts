const REQUEST_ID = Symbol.for("_AWS_LAMBDA_REQUEST_ID");
const X_RAY_TRACE_ID = Symbol.for("_AWS_LAMBDA_X_RAY_TRACE_ID");
const TENANT_ID = Symbol.for("_AWS_LAMBDA_TENANT_ID");
const PROTECTED: readonly PropertyKey[] = [REQUEST_ID, X_RAY_TRACE_ID, TENANT_ID];

type Values = Record<PropertyKey, unknown>;

/** What identifies an invocation, for logs and for the function. */
export interface InvocationIds {
  readonly requestId: string;
  readonly traceId: string | undefined;
  readonly tenantId: string | undefined;
}

/** Knows the invocation in progress. */
export interface CurrentInvocation {
  /** Calls the function with the invocation as the one in progress. */
  enter<T>(ids: InvocationIds, fn: () => T): T;
  /** What the log calls the invocation; undefined where it says nothing. */
  getRequestId(): string | undefined;
  getTenantId(): string | undefined;
}

/** Where an {@link InvokeStore} keeps the values of an invocation. */
export interface Slot {
  get(): Values | undefined;
  run<T>(values: Values, fn: () => T): T;
}

/** For one invocation at a time: it stays the current one until the next begins. */
function singleSlot(): Slot {
  let values: Values | undefined;
  return {
    get: () => values,
    run: (entered, fn) => {
      values = entered;
      return fn();
    },
  };
}

/**
 * What is known of the invocation in progress. The functions of `awslambda.InvokeStore` are those of
 * `@aws/lambda-invoke-store`, which takes the object it finds on the global.
 */
export class InvokeStore implements CurrentInvocation {
  readonly #slot: Slot;
  /** Whether `set` may begin a context of its own. */
  readonly #single: boolean;

  constructor(slot: Slot = singleSlot(), single = true) {
    this.#slot = slot;
    this.#single = single;
  }

  enter<T>({ requestId, traceId, tenantId }: InvocationIds, fn: () => T): T {
    const tenant = tenantId === undefined ? {} : { [TENANT_ID]: tenantId };
    return this.#slot.run({ [REQUEST_ID]: requestId, [X_RAY_TRACE_ID]: traceId, ...tenant }, fn);
  }

  hasContext(): boolean {
    return this.#slot.get() !== undefined;
  }

  getContext(): Values | undefined {
    return this.#slot.get();
  }

  get(key: PropertyKey): unknown {
    return this.#slot.get()?.[key];
  }

  set(key: PropertyKey, value: unknown): void {
    if (PROTECTED.includes(key)) {
      throw new Error(`Cannot modify protected Lambda context field: ${String(key)}`);
    }
    const values = this.#slot.get();
    if (values !== undefined) {
      values[key] = value;
    } else if (this.#single) {
      this.#slot.run({ [key]: value }, () => undefined);
    } else {
      throw new Error("No context available");
    }
  }

  run<T>(context: Values, fn: () => T): T {
    return this.#slot.run(context, fn);
  }

  getRequestId(): string {
    return this.#text(REQUEST_ID) ?? "-";
  }

  getXRayTraceId(): string | undefined {
    return this.#text(X_RAY_TRACE_ID);
  }

  getTenantId(): string | undefined {
    return this.#text(TENANT_ID);
  }

  #text(key: PropertyKey): string | undefined {
    const value = this.get(key);
    return typeof value === "string" ? value : undefined;
  }
}

const GLOBAL_REQUEST_ID = Symbol.for("aws.lambda.runtime.requestId");
const GLOBAL_TENANT_ID = Symbol.for("aws.lambda.runtime.tenantId");

/** AWS: up to nodejs22.x the ids are globals, which loggers read (aws-lambda-ric 3). */
export const globalInvocation: CurrentInvocation = {
  enter: ({ requestId, tenantId }, fn) => {
    Reflect.set(globalThis, GLOBAL_REQUEST_ID, requestId);
    Reflect.set(globalThis, GLOBAL_TENANT_ID, tenantId);
    return fn();
  },
  getRequestId: () => globalText(GLOBAL_REQUEST_ID),
  getTenantId: () => globalText(GLOBAL_TENANT_ID),
};

function globalText(key: symbol): string | undefined {
  const value: unknown = Reflect.get(globalThis, key);
  return typeof value === "string" ? value : undefined;
}
