/** How asynchronous invocations of one qualifier of a function are treated. Replaced as a whole, never changed in place. */
export interface EventInvokeConfig {
  /** Undefined where AWS's default holds. */
  readonly maxRetryAttempts: number | undefined;
  readonly maxAgeSeconds: number | undefined;
  /** ARNs. */
  readonly onSuccess: string | undefined;
  readonly onFailure: string | undefined;
  /** World time, milliseconds since the epoch. */
  readonly lastModified: number;
}
