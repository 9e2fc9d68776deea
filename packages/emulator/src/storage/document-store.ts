/** A value that JSON keeps as it is; members that are undefined are left out. */
export type DocumentValue =
  | null
  | boolean
  | number
  | string
  | readonly DocumentValue[]
  | { readonly [member: string]: DocumentValue | undefined };

export interface Document<Value extends DocumentValue = DocumentValue> {
  readonly key: string;
  readonly value: Value;
  /** What is no text: a function's code, a message's body. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * State that outlives the emulator, in collections (`lambda.functions`) of documents by key. Everything is synchronous. What was
 * put since the last step of the event loop is written as one: all of it or nothing, and before any call that caused it is answered.
 * A collection's name begins with that of its service and a dot. What changes it throws DataError when it cannot be written.
 */
export interface DocumentStore {
  /**
   * All documents of a collection, in the order in which their keys were first put. Their type is the word of the caller, who put
   * them there; it must be a type, for interfaces have no index.
   */
  read<Value extends DocumentValue = DocumentValue>(collection: string): readonly Document<Value>[];
  /** Keeps a document in place of any that has its key. */
  put(collection: string, key: string, value: DocumentValue, bytes?: Uint8Array): void;
  /** Does nothing where there is none. */
  delete(collection: string, key: string): void;
  /** Drops a whole collection. */
  clear(collection: string): void;
}

/** Of an emulator without a data directory: nothing outlives it. */
export const nothingKept: DocumentStore = {
  read: () => [],
  put: () => {},
  delete: () => {},
  clear: () => {},
};
