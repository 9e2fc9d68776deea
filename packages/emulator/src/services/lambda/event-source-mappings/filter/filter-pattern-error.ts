/** A pattern that is no filter pattern; the message is EventBridge's reason. */
export class FilterPatternError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = "FilterPatternError";
  }
}
