import type { Document, DocumentStore, DocumentValue } from "./document-store.ts";

interface Written {
  readonly text: string;
  readonly bytes: Uint8Array | undefined;
}

/** Documents in memory, for tests: a service that is made again with the same store finds what the first one kept. */
export function memoryDocuments(): DocumentStore {
  const collections = new Map<string, Map<string, Written>>();
  return {
    read<Value extends DocumentValue>(collection: string) {
      const documents = [...(collections.get(collection) ?? [])];
      return documents.map(([key, { text, bytes }]): Document<Value> => ({ key, value: JSON.parse(text), bytes }));
    },
    put(collection, key, value, bytes) {
      const documents = collections.get(collection) ?? new Map<string, Written>();
      collections.set(collection, documents);
      // As on disk: what the caller does with its objects later changes nothing here.
      documents.set(key, { text: JSON.stringify(value), bytes: bytes && Uint8Array.from(bytes) });
    },
    delete: (collection, key) => void collections.get(collection)?.delete(key),
    clear: (collection) => void collections.delete(collection),
  };
}
