/** A value that JSON keeps as it is; members that are undefined are left out. */
export type DocumentValue =
  | null
  | boolean
  | number
  | string
  | readonly DocumentValue[]
  | { readonly [member: string]: DocumentValue | undefined };

export interface Document {
  readonly key: string;
  readonly value: DocumentValue;
  /** What is no text: a function's code, a message's body. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * State that outlives the emulator, in collections (`lambda.functions`) of documents by key. Everything is synchronous. What was
 * put since the last step of the event loop is written as one: all of it or nothing, and before any call that caused it is answered.
 */
export interface DocumentStore {
  /** All documents of a collection, in the order in which their keys were first put. */
  read(collection: string): readonly Document[];
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
