/** What happens in a topic or a bucket, as somebody else is told of it. */
export interface Notification {
  /** Whose it is, for people: `topic orders`. */
  readonly from: string;
  /** The function, queue or topic that is told. */
  readonly to: string;
  readonly body: string;
  readonly subject?: string;
}
