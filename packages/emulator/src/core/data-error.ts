/** What was to be kept cannot be: the data directory is not to be used, or writing to it has failed. The message is for users. */
export class DataError extends Error {
  override readonly name = "DataError";
}
