/**
 * A message as the machines know it. Whoever receives it may hang more on it (its body, its receipt handle): the machines
 * hand back the very objects that they were given.
 */
export interface MessageReference {
  readonly messageId: string;
  /** How often it has been received, this time included. */
  readonly receiveCount: number;
  /** World time from which it can be received again, milliseconds. */
  readonly visibleAt: number;
  /** What it adds to an event, besides the settings' `envelopeBytes`. */
  readonly bytes: number;
  /** Messages of one group stay in order; undefined in a standard queue. */
  readonly groupId: string | undefined;
}

/** How the timeline tells of messages. */
export interface OfMessages {
  readonly records: number;
  readonly messageIds: readonly string[];
}

export function ofMessages(messages: readonly { readonly messageId: string }[]): OfMessages {
  return { records: messages.length, messageIds: messages.map(({ messageId }) => messageId) };
}
