/** Thrown when the data directory cannot be used, or not any more; the message says why, in one line. */
export class DataError extends Error {
  override readonly name = "DataError";
}
